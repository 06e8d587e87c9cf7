package card

import (
	"fmt"
	"image"
	"image/png"
	"io"

	"fund/web/picture"
)

// Icon writes the mark as a square PNG, side pixels wide, for a telephone's screen of programs. The mark keeps to the
// middle, so that it can be cut round.
func Icon(w io.Writer, side int) error {
	p := painter{Image: image.NewRGBA(image.Rect(0, 0, side, side))}
	p.fill(p.Image.Bounds(), paper)
	mark := picture.Mark()
	scale := 0.6 * float64(side) / max(mark.W, mark.H)
	p.picture(mark, (float64(side)-mark.W*scale)/2, (float64(side)-mark.H*scale)/2, scale)
	if err := png.Encode(w, p.Image); err != nil {
		return fmt.Errorf("card: icon: %w", err)
	}
	return nil
}
