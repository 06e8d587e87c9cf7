package pdf_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fund/web/pdf"
)

const posterAddress = "https://gongzhang.example.cn/c/angong/campaigns/new-year-dinner"

func samplePoster(lang string) pdf.PosterDoc {
	return pdf.PosterDoc{
		Lang: lang, Community: in(lang, "安公社区", "Angong Community"), Scene: "dinner", Restricted: true,
		Title:  in(lang, "除夕暖心饭：给 120 位独居老人做一桌年夜饭", "New Year’s Eve dinner for 120 people who live alone"),
		Line:   in(lang, "去年除夕，3 号院摆了六桌。今年想让 120 位老人都吃上热的年夜饭，走不动的送到家里。", "A hot dinner for everyone who spends the eve alone, at the table or brought home."),
		Raised: yuan("11232.00"), Goal: yuan("18000"), Gifts: 217, EndsOn: date(2018, 2, 9),
		AsOf: time.Date(2017, 12, 31, 18, 0, 0, 0, time.FixedZone("", 8*60*60)),
		Buys: []pdf.Bought{
			{Amount: yuan("20"), What: in(lang, "5 个人一起，就是 1 份年夜饭食材", "5 such gifts: 1 of 120 dinners")},
			{Amount: yuan("50"), What: in(lang, "2 个人一起，就是 1 份年夜饭食材", "2 such gifts: 1 of 120 dinners")},
			{Amount: yuan("100"), What: in(lang, "1 份年夜饭食材", "1 of 120 dinners")},
		},
		Address: posterAddress, Typed: "gongzhang.example.cn/g/angong/1",
		Desk:  in(lang, "社区服务中心一楼，周一至周六 9:00–17:00", "Community centre, ground floor, Mon–Sat 9:00–17:00"),
		Legal: in(lang, "依法合作公开募捐：锦城社区公益基金会，公开募捐资格证书 5101-2016-0007，备案号 510100-2017-C-0033。", "Public appeal together with Jincheng Community Foundation, certificate 5101-2016-0007, filed as 510100-2017-C-0033."),
	}
}

// posters are the samples by name: plain, with slips, with much to say and with little.
func posters() map[string]func(io.Writer) error {
	all := map[string]func(io.Writer) error{}
	for _, l := range langs {
		add := func(name string, paper pdf.Paper, slips bool, change func(*pdf.PosterDoc)) {
			p := samplePoster(l)
			change(&p)
			all[name+"-"+l] = func(w io.Writer) error { return pdf.Poster(w, p, paper, slips) }
		}
		plain := func(*pdf.PosterDoc) {}
		add("a4", pdf.A4, false, plain)
		add("a3", pdf.A3, false, plain)
		add("slips", pdf.A4, true, plain)
		add("long", pdf.A4, true, func(p *pdf.PosterDoc) {
			p.Title = strings.Repeat(in(l, "三号院老年人助浴与陪诊服务（春季）", "Bathing help and hospital visits in courtyard 3 "), 3)
			p.Line = strings.Repeat(p.Line, 2)
			p.Raised, p.Goal = yuan("123456789.40"), yuan("999999999.00")
		})
		add("further", pdf.A4, false, func(p *pdf.PosterDoc) { p.Further = true })
		add("photo", pdf.A4, false, func(p *pdf.PosterDoc) { p.Photo = photo() })
		add("bare", pdf.A4, false, func(p *pdf.PosterDoc) {
			p.Title, p.Line, p.Legal, p.Desk, p.Buys, p.Scene = in(l, "随手捐", "Small things"), "", "", "", nil, "none"
			p.Raised, p.Gifts = yuan("0"), 1
		})
	}
	return all
}

// photo is a picture of 300 by 400: taller than the poster's room for it.
func photo() *pdf.Photo {
	m := image.NewRGBA(image.Rect(0, 0, 300, 400))
	for y := range 400 {
		for x := range 300 {
			m.Set(x, y, color.RGBA{uint8(x / 2), uint8(y / 2), 90, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		panic(err)
	}
	return &pdf.Photo{JPEG: b.Bytes(), W: 300, H: 400}
}

func TestPostersAreSoundAndRepeat(t *testing.T) {
	t.Parallel()
	for name, draw := range posters() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one := render(t, draw)
			if !bytes.Equal(one, render(t, draw)) {
				t.Error("the second drawing has other bytes")
			}
			if out := tool(t, one, "qpdf", "--check", "FILE"); !strings.Contains(out, "No syntax or stream encoding errors found") {
				t.Error(out)
			}
			size := "595.28 x 841.89"
			if strings.HasPrefix(name, "a3") {
				size = "841.8"
			}
			if out := tool(t, one, "pdfinfo", "FILE"); !strings.Contains(out, size) || !strings.Contains(out, "Pages:           1\n") {
				t.Errorf("want %s on one page: %s", size, out)
			}
			if dir := os.Getenv("FUND_SHOTS"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, "poster-"+name+".pdf"), one, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestAPosterSaysWhatItAsksFor(t *testing.T) {
	t.Parallel()
	for name, wants := range map[string][]string{
		"a4-zh-CN":    {"安公社区", "除夕暖心饭", "已筹", "¥11,232", "目标¥18,000", "62.4%", "217份捐赠", "2017年12月31日18:00", "¥100", "1份年夜饭食材", "gongzhang.example.cn/g/angong/1", "锦城社区公益基金会", "510100-2017-C-0033"},
		"a3-en":       {"Angong Community", "Raised", "217 gifts", "31 December 2017 18:00", "1 of 120 dinners", "Open until 9 February 2018", "510100-2017-C-0033"},
		"slips-zh-CN": {"gongzhang.example.cn/g/angong/1", "除夕暖心饭"},
		"further-en":  {"Next goal ¥18,000"},
		"bare-en":     {"Small things", "1 gift "},
	} {
		got := tool(t, render(t, posters()[name]), "pdftotext", "-layout", "FILE", "-")
		for _, want := range wants {
			if strings.HasSuffix(name, "zh-CN") {
				got, want = squeeze(got), squeeze(want)
			}
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %q:\n%s", name, want, got)
			}
		}
	}
	slips := squeeze(tool(t, render(t, posters()["slips-zh-CN"]), "pdftotext", "-layout", "FILE", "-"))
	if n := strings.Count(slips, "gongzhang.example.cn/"); n != 8 {
		t.Errorf("the short address stands %d times on a poster with 7 slips", n)
	}
}

// A phone reads the code from the printed page, the big one and each of the slips.
func TestAPhoneReadsThePoster(t *testing.T) {
	t.Parallel()
	reader, err := exec.LookPath("zbarimg")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("zbarimg is not installed: apt-get install zbar-tools")
		}
		t.Skip("zbarimg is not installed")
	}
	for name, codes := range map[string]int{"a4-zh-CN": 1, "a3-en": 1, "slips-en": 8} {
		png := filepath.Join(t.TempDir(), "page")
		tool(t, render(t, posters()[name]), "pdftoppm", "-r", "150", "-png", "-singlefile", "FILE", png)
		out, err := exec.Command(reader, "--quiet", "--raw", png+".png").Output()
		read := strings.Fields(string(out))
		if err != nil || len(read) == 0 {
			t.Fatalf("%s: %q, %v", name, out, err)
		}
		for _, address := range read {
			if address != posterAddress {
				t.Errorf("%s leads to %q", name, address)
			}
		}
		if len(read) < codes {
			t.Errorf("%s: %d of %d codes read", name, len(read), codes)
		}
	}
}
