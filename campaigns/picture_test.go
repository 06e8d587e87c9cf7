package campaigns_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
)

var red, blue = color.RGBA{200, 0, 0, 255}, color.RGBA{0, 0, 200, 255}

// halves is red on the left and blue on the right.
func halves(w, h int) image.Image {
	m := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{red, blue, color.Transparent})
	for i := range m.Pix {
		if i%w >= w/2 {
			m.Pix[i] = 1
		}
	}
	return m
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// segment puts a JPEG segment behind the start of a file.
func segment(file []byte, marker byte, body string) []byte {
	s := []byte{0xff, 0xd8, 0xff, marker, 0, 0}
	binary.BigEndian.PutUint16(s[4:], uint16(len(body)+2))
	return append(append(s, body...), file[2:]...)
}

// exif is an Exif segment's body with an orientation and a place.
func exif(orientation byte) string {
	return "Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x02" +
		"\x01\x0f\x00\x02\x00\x00\x00\x04Cam\x00" +
		"\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(orientation) + "\x00\x00\x00\x00\x00\x00 GPS 30.5928N 114.3055E"
}

func (o *office) picture(t testing.TB, file io.Reader) (campaigns.Picture, image.Image, error) {
	t.Helper()
	var id uuid.UUID
	err := o.Try(func(tx *sqlx.Tx) (err error) {
		id, err = campaigns.AddPicture(t.Context(), tx, o.ID, file, " 年夜饭 ")
		return err
	})
	if err != nil {
		return campaigns.Picture{}, nil, err
	}
	p := get2(campaigns.FindPicture(t.Context(), o.App, o.ID, id))(t)
	m, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	if m.Bounds().Dx() != p.Width || m.Bounds().Dy() != p.Height || p.Alt != "年夜饭" {
		t.Errorf("stored %d × %d, %q; drawn %v", p.Width, p.Height, p.Alt, m.Bounds())
	}
	return p, m, nil
}

func isRed(c color.Color) bool {
	r, _, b, _ := c.RGBA()
	return r > 3*b
}

func TestPictureFormats(t *testing.T) {
	t.Parallel()
	o := open(t)
	var asPNG, asGIF bytes.Buffer
	if err := errors.Join(png.Encode(&asPNG, halves(40, 20)), gif.Encode(&asGIF, halves(40, 20), nil)); err != nil {
		t.Fatal(err)
	}
	webp, err := base64.StdEncoding.DecodeString("UklGRhwAAABXRUJQVlA4TA8AAAAvAAAAAAcQ/Y/+ByKi/wEA")
	if err != nil {
		t.Fatal(err)
	}
	for format, file := range map[string][]byte{"jpeg": asJPEG(t, halves(40, 20)), "png": asPNG.Bytes(), "gif": asGIF.Bytes()} {
		_, m, err := o.picture(t, bytes.NewReader(file))
		if err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		if m.Bounds().Dx() != 40 || !isRed(m.At(5, 10)) || isRed(m.At(35, 10)) {
			t.Errorf("%s came out as %v, %v %v", format, m.Bounds(), m.At(5, 10), m.At(35, 10))
		}
	}
	if _, _, err := o.picture(t, bytes.NewReader(webp)); err != nil {
		t.Errorf("webp: %v", err)
	}
}

func TestPictureIsMadeSmaller(t *testing.T) {
	t.Parallel()
	o := open(t)
	for _, c := range [][4]int{{3200, 1000, 1600, 500}, {1000, 4800, 500, 2400}, {1600, 900, 1600, 900}, {15000, 1, 1600, 1}} {
		p, _, err := o.picture(t, bytes.NewReader(asJPEG(t, halves(c[0], c[1]))))
		if err != nil || p.Width != c[2] || p.Height != c[3] {
			t.Errorf("%v became %d × %d, %v", c, p.Width, p.Height, err)
		}
	}
}

func TestPictureIsTurnedUpright(t *testing.T) {
	t.Parallel()
	o := open(t)
	// Where the red half is, once the camera's note is followed.
	for how, want := range map[byte]string{0: "left", 1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom", 9: "left"} {
		_, m, err := o.picture(t, bytes.NewReader(segment(asJPEG(t, halves(64, 32)), 0xe1, exif(how))))
		if err != nil {
			t.Fatal(err)
		}
		w, h := m.Bounds().Dx(), m.Bounds().Dy()
		at := map[string]image.Point{"left": {5, h / 2}, "right": {w - 5, h / 2}, "top": {w / 2, 5}, "bottom": {w / 2, h - 5}}
		if lying := w < h; lying != (want == "top" || want == "bottom") {
			t.Errorf("orientation %d: %d × %d", how, w, h)
		}
		if p := at[want]; !isRed(m.At(p.X, p.Y)) || isRed(m.At(w-p.X, h-p.Y)) {
			t.Errorf("orientation %d: red is not at the %s", how, want)
		}
	}
	// Broken notes are no reason to refuse a photograph.
	for n := range len(exif(6)) {
		if _, _, err := o.picture(t, bytes.NewReader(segment(asJPEG(t, halves(8, 8)), 0xe1, exif(6)[:n]))); err != nil {
			t.Errorf("%d bytes of Exif: %v", n, err)
		}
	}
}

func TestPictureForgetsItsFile(t *testing.T) {
	t.Parallel()
	o := open(t)
	file := segment(asJPEG(t, halves(64, 32)), 0xe1, exif(1))
	file = segment(file, 0xfe, "<script>alert(1)</script>")
	file = append(file, "PK\x03\x04 a zip behind it"...)
	p, _, err := o.picture(t, bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, trace := range []string{"Exif", "GPS", "Cam", "script", "PK\x03\x04"} {
		if bytes.Contains(p.JPEG, []byte(trace)) {
			t.Errorf("the stored picture contains %q", trace)
		}
	}
}

// bomb is a PNG whose header promises w × h pixels.
func bomb(w, h uint32) []byte {
	header := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(header[4:], w)
	binary.BigEndian.PutUint32(header[8:], h)
	header[12], header[13] = 8, 2
	file := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), header...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(header))
}

func TestPictureRefuses(t *testing.T) {
	t.Parallel()
	o := open(t)
	whole := asJPEG(t, halves(64, 32))
	for what, c := range map[string]struct {
		file io.Reader
		want error
	}{
		"a bomb":                  {bytes.NewReader(bomb(100000, 100000)), campaigns.ErrPictureTooLarge},
		"a pixel too many":        {bytes.NewReader(bomb(16_000_001, 1)), campaigns.ErrPictureTooLarge},
		"a long file":             {io.MultiReader(bytes.NewReader(whole), io.LimitReader(zeros{}, 8<<20)), campaigns.ErrPictureTooLarge},
		"an endless file":         {zeros{}, campaigns.ErrPictureTooLarge},
		"half a picture":          {bytes.NewReader(whole[:len(whole)/2]), campaigns.ErrPictureUnreadable},
		"a header alone":          {bytes.NewReader(bomb(10, 10)), campaigns.ErrPictureUnreadable},
		"nothing":                 {strings.NewReader(""), campaigns.ErrPictureUnreadable},
		"a drawing with a script": {strings.NewReader(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`), campaigns.ErrPictureUnreadable},
	} {
		_, _, err := o.picture(t, c.file)
		wantErr(t, what, err, c.want)
	}
	_, err := campaigns.FindPicture(t.Context(), o.App, o.ID, uuid.New())
	wantErr(t, "nobody's picture", err, campaigns.ErrNotFound)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
