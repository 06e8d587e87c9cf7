package issue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/campaigns/voice"
	"fund/ledger"
	"fund/web/pdf"
)

// picturesMax is how many photographs a report shows.
const picturesMax = 12

// picture is a stored picture as a report's value keeps it: by its digest, without its file.
func picture(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID, caption string) (p pdf.Picture, err error) {
	found, err := campaigns.FindPicture(ctx, q, community, id)
	if err != nil {
		return p, err
	}
	sum := sha256.Sum256(found.JPEG)
	if caption == "" {
		caption = found.Alt
	}
	return pdf.Picture{ID: id.String(), SHA256: hex.EncodeToString(sum[:]), W: found.Width, H: found.Height, Caption: caption, Alt: found.Alt}, nil
}

// Photos finds the files of a report's pictures again, by ID. One that is gone, or another than it was, is left out.
func Photos(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, pictures []pdf.Picture) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, p := range pictures {
		id, err := uuid.Parse(p.ID)
		if err != nil {
			continue
		}
		found, err := campaigns.FindPicture(ctx, q, c.ID, id)
		if errors.Is(err, campaigns.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if sum := sha256.Sum256(found.JPEG); hex.EncodeToString(sum[:]) == p.SHA256 {
			files[p.ID] = found.JPEG
		}
	}
	return files, nil
}

// pictures are those that the public already sees: of campaigns that ran in the year and of projects' milestones.
func (a *annual) pictures() error {
	list, err := a.ran()
	if err != nil {
		return err
	}
	for _, c := range list {
		photos, err := voice.Photos(a, a.q, a.c.ID, voice.OfCampaign(c.ID))
		if err != nil {
			return err
		}
		for _, p := range photos[:min(2, len(photos))] {
			if err := a.show(p.ID, p.Caption); err != nil {
				return err
			}
		}
	}
	projects, err := project.ListProjects(a, a.q, a.c.ID, project.Filter{From: a.from, To: a.to})
	if err != nil {
		return err
	}
	for _, p := range projects {
		if len(a.doc.Pictures) >= picturesMax {
			break
		}
		shown, err := stonePictures(a, a.q, a.c.ID, p.ID)
		if err != nil {
			return err
		}
		for _, s := range shown[:min(1, len(shown))] {
			if err := a.show(s.ID, p.Title(string(a.lang))); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *annual) show(id uuid.UUID, caption string) error {
	if len(a.doc.Pictures) >= picturesMax {
		return nil
	}
	p, err := picture(a, a.q, a.c.ID, id, caption)
	a.doc.Pictures = append(a.doc.Pictures, p)
	return err
}

func stonePictures(ctx context.Context, q sqlx.QueryerContext, community, id int) (all []project.Picture, err error) {
	stones, err := project.Milestones(ctx, q, community, id)
	for _, s := range stones {
		all = append(all, s.Pictures...)
	}
	return all, err
}
