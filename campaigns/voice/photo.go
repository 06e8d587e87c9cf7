package voice

import (
	"context"
	"io"
	"strings"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
)

// Owner is what a picture belongs to: a campaign's gallery, a proposal, or a post.
type Owner struct {
	campaign *int
	proposal *uuid.UUID
	post     *int
	own      bool // the post is a campaigner's, and theirs until they hand it in
	max      int  // pictures it may have
}

// OfCampaign is a campaign's gallery.
func OfCampaign(id int) Owner { return Owner{campaign: &id, max: 24} }

// OfProposal is a proposal's pictures.
func OfProposal(id uuid.UUID) Owner { return Owner{proposal: &id, max: 6} }

// OfPost is the pictures of an update or of thanks.
func OfPost(id int) Owner { return Owner{post: &id, max: 6} }

// OfOwnPost is the pictures of a campaigner's post, to change while it is a draft.
func OfOwnPost(id int) Owner { return Owner{post: &id, own: true, max: 6} }

// Max is how many pictures it may have.
func (o Owner) Max() int { return o.max }

// Photograph is a picture in its place, without its bytes: those are campaigns.FindPicture's.
type Photograph struct {
	ID      uuid.UUID `db:"picture_id"`
	Place   int       `db:"place"`
	Caption string    `db:"caption"`
	Width   int       `db:"width"`
	Height  int       `db:"height"`
	Alt     string    `db:"alt"`
	PostID  *int      `db:"post_id"`
}

const selectPhoto = `
	SELECT h.picture_id, h.place, h.caption, h.post_id, i.width, i.height, i.alt
	  FROM voice.photo h JOIN campaigns.picture i ON i.community_id = h.community_id AND i.id = h.picture_id
	 WHERE h.community_id = $1`

const ofOwner = ` AND (h.campaign_id = $2 OR h.proposal_id = $3 OR h.post_id = $4)`

// Photos reads an owner's pictures in their order.
func Photos(ctx context.Context, q sqlx.QueryerContext, community int, of Owner) (list []Photograph, err error) {
	defer wrap(&err, "voice.Photos(%d)", community)
	err = sqlx.SelectContext(ctx, q, &list, selectPhoto+ofOwner+` ORDER BY h.place, h.picture_id`, community, of.campaign, of.proposal, of.post)
	return list, err
}

// AddPhoto stores a picture as campaigns.AddPicture does, at the end of its owner's. ErrTooMany, ErrNotYours,
// campaigns.ErrPictureTooLarge, campaigns.ErrPictureUnreadable.
func AddPhoto(ctx context.Context, tx *sqlx.Tx, community int, of Owner, r io.Reader, alt, caption string) (id uuid.UUID, err error) {
	defer wrap(&err, "voice.AddPhoto(%d)", community)
	photos, err := mayChange(ctx, tx, community, of)
	if err != nil {
		return id, err
	}
	if len(photos) >= of.max {
		return id, ErrTooMany
	}
	if id, err = campaigns.AddPicture(ctx, tx, community, r, alt); err != nil {
		return id, err
	}
	place := 1
	if len(photos) > 0 {
		place = photos[len(photos)-1].Place + 1
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO voice.photo (community_id, picture_id, campaign_id, proposal_id, post_id, place, caption) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		community, id, of.campaign, of.proposal, of.post, place, strings.TrimSpace(caption))
	return id, err
}

// ChangePhoto does what a button beside a picture says: "up", "remove", or else keep the caption. ErrNotFound, ErrNotYours.
func ChangePhoto(ctx context.Context, tx *sqlx.Tx, community int, of Owner, id uuid.UUID, press, caption string) error {
	switch press {
	case "up":
		return RaisePhoto(ctx, tx, community, of, id)
	case "remove":
		return RemovePhoto(ctx, tx, community, of, id)
	}
	return CaptionPhoto(ctx, tx, community, of, id, caption)
}

// CaptionPhoto writes what stands under a picture. ErrNotFound, ErrNotYours.
func CaptionPhoto(ctx context.Context, tx *sqlx.Tx, community int, of Owner, id uuid.UUID, caption string) (err error) {
	defer wrap(&err, "voice.CaptionPhoto(%d, %s)", community, id)
	if _, err = mayChange(ctx, tx, community, of); err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, `
		UPDATE voice.photo h SET caption = $6 WHERE h.community_id = $1`+ofOwner+` AND h.picture_id = $5`,
		community, of.campaign, of.proposal, of.post, id, strings.TrimSpace(caption))
	return moved(result, err, ErrNotFound)
}

// RaisePhoto puts a picture one place further to the front. ErrNotFound, ErrNotYours.
func RaisePhoto(ctx context.Context, tx *sqlx.Tx, community int, of Owner, id uuid.UUID) (err error) {
	defer wrap(&err, "voice.RaisePhoto(%d, %s)", community, id)
	photos, err := mayChange(ctx, tx, community, of)
	if err != nil {
		return err
	}
	for i, photo := range photos {
		if photo.ID != id {
			continue
		}
		if i > 0 {
			photos[i-1], photos[i] = photos[i], photos[i-1]
		}
		for place, photo := range photos {
			if _, err = tx.ExecContext(ctx, `UPDATE voice.photo SET place = $3 WHERE community_id = $1 AND picture_id = $2`, community, photo.ID, place+1); err != nil {
				return err
			}
		}
		return nil
	}
	return ErrNotFound
}

// RemovePhoto deletes a picture. ErrNotFound, ErrNotYours.
func RemovePhoto(ctx context.Context, tx *sqlx.Tx, community int, of Owner, id uuid.UUID) (err error) {
	defer wrap(&err, "voice.RemovePhoto(%d, %s)", community, id)
	if _, err = mayChange(ctx, tx, community, of); err != nil {
		return err
	}
	return drop(ctx, tx, community, of, id)
}

func drop(ctx context.Context, tx *sqlx.Tx, community int, of Owner, id uuid.UUID) error {
	result, err := tx.ExecContext(ctx, `DELETE FROM voice.photo h WHERE h.community_id = $1`+ofOwner+` AND h.picture_id = $5`,
		community, of.campaign, of.proposal, of.post, id)
	if err = moved(result, err, ErrNotFound); err != nil {
		return err
	}
	return campaigns.RemovePicture(ctx, tx, community, id)
}

// mayChange holds what is its resident's or campaigner's, and reads an owner's pictures.
func mayChange(ctx context.Context, tx *sqlx.Tx, community int, of Owner) ([]Photograph, error) {
	if of.proposal != nil {
		if err := mine(ctx, tx, community, *of.proposal); err != nil {
			return nil, err
		}
	}
	if of.own {
		var theirs bool
		err := tx.GetContext(ctx, &theirs, `
			SELECT state = 'draft' AND by_whom = 'campaigner' FROM voice.post WHERE community_id = $1 AND id = $2 FOR NO KEY UPDATE`, community, *of.post)
		if err == nil && !theirs {
			err = ErrState
		}
		if err != nil {
			return nil, err
		}
	}
	return Photos(ctx, tx, community, of)
}

// Hidden tells whether a picture is not for the public: of a proposal, of a post that is not published, or of the gallery
// of a draft.
func Hidden(ctx context.Context, q sqlx.QueryerContext, community int, picture uuid.UUID) (hidden bool, err error) {
	defer wrap(&err, "voice.Hidden(%d, %s)", community, picture)
	err = sqlx.GetContext(ctx, q, &hidden, `
		SELECT EXISTS (
		  SELECT FROM voice.photo h
		    LEFT JOIN voice.post p ON p.community_id = h.community_id AND p.id = h.post_id
		    LEFT JOIN campaigns.campaign c ON c.community_id = h.community_id AND c.id = h.campaign_id
		   WHERE h.community_id = $1 AND h.picture_id = $2
		     AND (h.proposal_id IS NOT NULL OR p.state <> 'published' OR c.state = 'draft'))`, community, picture)
	return hidden, err
}

// HasPhoto tells whether a picture is an owner's.
func HasPhoto(ctx context.Context, q sqlx.QueryerContext, community int, of Owner, picture uuid.UUID) (has bool, err error) {
	defer wrap(&err, "voice.HasPhoto(%d, %s)", community, picture)
	err = sqlx.GetContext(ctx, q, &has, `SELECT EXISTS (SELECT FROM voice.photo h WHERE h.community_id = $1`+ofOwner+` AND h.picture_id = $5)`,
		community, of.campaign, of.proposal, of.post, picture)
	return has, err
}
