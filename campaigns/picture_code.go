package campaigns

import (
	"errors"
	"io"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// ErrNoCode is returned for a picture in which no QR code can be read.
var ErrNoCode = errors.New("campaigns: no QR code can be read in the picture")

// ReadCode reads what the QR code in a photograph says. The picture is looked
// through as AddPicture does, and not kept. ErrPictureTooLarge,
// ErrPictureUnreadable, ErrNoCode.
func ReadCode(r io.Reader) (text string, err error) {
	defer wrap(&err, "campaigns.ReadCode")
	shown, err := readPicture(r)
	if err != nil {
		return "", err
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(shown)
	if err != nil {
		return "", errors.Join(ErrNoCode, err)
	}
	found, err := qrcode.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return "", errors.Join(ErrNoCode, err)
	}
	return found.GetText(), nil
}
