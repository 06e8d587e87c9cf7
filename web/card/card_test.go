package card_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fund/web/card"
	"fund/web/picture"
)

func dinner() card.Card {
	return card.Card{
		Community: "安公社区", Title: "除夕暖心饭：给 120 位独居老人做一桌年夜饭", Line: "已筹 62% · 目标 ¥18,000",
		Scene: "dinner", Bar: true, Percent: 62, Held: true,
	}
}

func samples() map[string]card.Card {
	all := map[string]card.Card{"dinner": dinner()}
	change := func(name string, f func(*card.Card)) { c := dinner(); f(&c); all[name] = c }
	change("long", func(c *card.Card) {
		c.Title, c.Scene, c.Percent = strings.Repeat("三号院老年人助浴与陪诊服务（春季）", 4), "chairs", 100
		c.Line = "已筹 100% · 目标 ¥999,999,999.00 · 一共十二个月"
	})
	change("english", func(c *card.Card) {
		c.Community, c.Title, c.Line = "Angong Community", "New Year’s Eve dinner for 120 people who live alone", "62% raised · goal ¥18,000"
		c.Held = false
	})
	change("rare", func(c *card.Card) { c.Title, c.Percent, c.Scene = "𠮷 🎉 −5", 0, "tree" })
	change("photo", func(c *card.Card) { c.PhotoID = "0190" })
	change("home", func(c *card.Card) {
		c.Bar, c.Title, c.Line, c.Scene = false, "安公社区的公账", "每一笔收支都公开，人人可以核对", "tree"
	})
	for _, scene := range picture.SceneNames() {
		change("scene-"+scene, func(c *card.Card) { c.Scene = scene })
	}
	return all
}

func photo(t testing.TB) []byte {
	m := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for y := range 240 {
		for x := range 320 {
			m.Set(x, y, color.RGBA{uint8(x / 2), uint8(y), 90, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func draw(t testing.TB, c card.Card, s card.Shape) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := c.Draw(&b, s, photo(t)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCardsHaveTheirSizeAndRepeat(t *testing.T) {
	t.Parallel()
	for name, c := range samples() {
		for _, s := range []card.Shape{card.Wide, card.Square} {
			one := draw(t, c, s)
			if !bytes.Equal(one, draw(t, c, s)) {
				t.Errorf("%s, %s: the second drawing has other bytes", name, s.Name)
			}
			m, format, err := image.Decode(bytes.NewReader(one))
			if err != nil || m.Bounds().Dx() != s.W || m.Bounds().Dy() != s.H || !strings.HasPrefix(format, strings.Replace(c.Format(), "jpg", "jpeg", 1)) {
				t.Errorf("%s, %s: %s of %v, %v", name, s.Name, format, m.Bounds(), err)
			}
			if len(one) > 300<<10 {
				t.Errorf("%s, %s: %d bytes, which a chat may not fetch", name, s.Name, len(one))
			}
			if dir := os.Getenv("FUND_SHOTS"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, "card-"+name+"-"+s.Name+"."+c.Format()), one, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// What shows a difference has another address, and what does not keeps it.
func TestAnAddressFollowsWhatIsShown(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for name, c := range samples() {
		if name == "scene-dinner" { // is the first sample once more
			continue
		}
		for _, s := range []card.Shape{card.Wide, card.Square} {
			hash := c.Hash(s)
			if other := seen[hash]; other != "" {
				t.Errorf("%s and %s share %s", name, other, hash)
			}
			seen[hash] = name
		}
	}
	if one, two := dinner().Hash(card.Wide), samples()["scene-dinner"].Hash(card.Wide); one != two {
		t.Errorf("one card has the addresses %s and %s", one, two)
	}
}

// The bar is as long as it says: gold up to the percent, pale after it.
func TestTheBarIsTrue(t *testing.T) {
	t.Parallel()
	c := dinner()
	c.Held = false
	for _, percent := range []int{0, 25, 62, 100, 240} {
		c.Percent = percent
		m, _, err := image.Decode(bytes.NewReader(draw(t, c, card.Wide)))
		if err != nil {
			t.Fatal(err)
		}
		gold := 0
		for x := range card.Wide.W {
			if r, g, b, _ := m.At(x, 512).RGBA(); r>>8 == 0xE2 && g>>8 == 0xA9 && b>>8 == 0x22 {
				gold++
			}
		}
		if want := 1080 * min(percent, 100) / 100; gold < want-5 || gold > want {
			t.Errorf("%d%%: %d of 1080 pixels", percent, gold)
		}
	}
}

func BenchmarkCard(b *testing.B) {
	c := dinner()
	for b.Loop() {
		draw(b, c, card.Wide)
	}
}
