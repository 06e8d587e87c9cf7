package campaigns

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	_ "image/gif" // the formats that AddPicture reads
	"image/jpeg"
	_ "image/png"
	"io"
	"strings"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

// What AddPicture refuses.
var (
	ErrPictureTooLarge   = errors.New("campaigns: the picture has more than 8 MB or 16 megapixels")
	ErrPictureUnreadable = errors.New("campaigns: the file is no JPEG, PNG, GIF or WebP picture")
)

const (
	pictureBytesMax  = 8 << 20
	picturePixelsMax = 16_000_000 // a phone's usual photograph has 12.2; four bytes each while it is read
	pictureWidthMax  = 1600       // as stored
	pictureHeightMax = 2400
	pictureQuality   = 82
)

// Picture is a campaign's photograph as pages show it: a JPEG of our own
// making, without anything of the file it came in but what one sees.
type Picture struct {
	ID     uuid.UUID `db:"id"`
	Width  int       `db:"width"`
	Height int       `db:"height"`
	JPEG   []byte    `db:"jpeg"`
	Alt    string    `db:"alt"` // what is to be seen, for whoever does not see it
}

// AddPicture reads a JPEG, PNG, GIF or WebP file, turns it upright, makes it at
// most 1600 pixels wide and stores it as a new JPEG: place, camera, owner and
// whatever else stood in the file are gone. ErrPictureTooLarge, also for a
// small file that would unfold into a huge picture; ErrPictureUnreadable.
func AddPicture(ctx context.Context, tx *sqlx.Tx, community int, r io.Reader, alt string) (id uuid.UUID, err error) {
	defer wrap(&err, "campaigns.AddPicture(%d)", community)
	p, err := storePicture(ctx, tx, community, r, alt)
	return p.ID, err
}

func storePicture(ctx context.Context, tx *sqlx.Tx, community int, r io.Reader, alt string) (p Picture, err error) {
	if p, err = drawPicture(r); err != nil {
		return p, err
	}
	p.Alt = strings.TrimSpace(alt)
	if p.ID, err = uuid.NewV7(); err != nil {
		return p, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO campaigns.picture (community_id, id, width, height, jpeg, alt) VALUES ($1, $2, $3, $4, $5, $6)`,
		community, p.ID, p.Width, p.Height, p.JPEG, p.Alt)
	return p, err
}

// drawPicture makes a JPEG of our own of a picture file.
func drawPicture(r io.Reader) (p Picture, err error) {
	drawn, err := readPicture(r)
	if err != nil {
		return p, err
	}
	var file bytes.Buffer
	err = jpeg.Encode(&file, drawn, &jpeg.Options{Quality: pictureQuality})
	return Picture{Width: drawn.Bounds().Dx(), Height: drawn.Bounds().Dy(), JPEG: file.Bytes()}, err
}

// FindPicture reads a picture; ErrNotFound.
func FindPicture(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (p Picture, err error) {
	defer wrap(&err, "campaigns.FindPicture(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &p, `SELECT id, width, height, jpeg, alt FROM campaigns.picture WHERE community_id = $1 AND id = $2`, community, id)
	return p, err
}

// RemovePicture deletes a picture that nothing shows any more; ErrNotFound.
func RemovePicture(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) (err error) {
	defer wrap(&err, "campaigns.RemovePicture(%d, %s)", community, id)
	return notFound(move(tx.ExecContext(ctx, `DELETE FROM campaigns.picture WHERE community_id = $1 AND id = $2`, community, id)))
}

func readPicture(r io.Reader) (image.Image, error) {
	file, err := io.ReadAll(io.LimitReader(r, pictureBytesMax+1))
	if err != nil {
		return nil, err
	}
	if len(file) > pictureBytesMax {
		return nil, ErrPictureTooLarge
	}
	// The size is read before the picture is: a bomb is never unfolded.
	size, _, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil || size.Width < 1 || size.Height < 1 {
		return nil, errors.Join(ErrPictureUnreadable, err)
	}
	if int64(size.Width)*int64(size.Height) > picturePixelsMax {
		return nil, ErrPictureTooLarge
	}
	found, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, errors.Join(ErrPictureUnreadable, err)
	}
	return upright(shrink(found), orientation(file)), nil
}

// shrink draws the picture on white, as small as pages need it.
func shrink(from image.Image) *image.RGBA {
	w, h := from.Bounds().Dx(), from.Bounds().Dy()
	if w > pictureWidthMax {
		w, h = pictureWidthMax, max(1, h*pictureWidthMax/w)
	}
	if h > pictureHeightMax {
		w, h = max(1, w*pictureHeightMax/h), pictureHeightMax
	}
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(to, to.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.BiLinear.Scale(to, to.Bounds(), from, from.Bounds(), draw.Over, nil)
	return to
}

// upright undoes the turn and mirroring that a camera noted (Exif 2.3, tag
// 0x0112): 1 is upright, 5 to 8 lie on their side.
func upright(from *image.RGBA, how int) *image.RGBA {
	if how < 2 || how > 8 {
		return from
	}
	w, h := from.Bounds().Dx(), from.Bounds().Dy()
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	if how >= 5 {
		to = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch how {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			to.SetRGBA(tx, ty, from.RGBAAt(x, y))
		}
	}
	return to
}
