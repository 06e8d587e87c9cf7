package picture_test

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	qrcode "github.com/skip2/go-qrcode"
	"pgregory.net/rapid"

	"fund/ledger/money"
	"fund/web/picture"
)

func yuan(s string) money.Amount { return money.MustParse(s) }

func leaf() picture.Leaf {
	l := picture.Leaf{Title: "一片银杏叶，38 根叶脉是 38 个项目"}
	for _, t := range []struct {
		name, note string
		n          int
	}{
		{"老人", "11 项 · 812 人次", 11},
		{"孩子", "8 项 · 574 人次", 8},
		{"邻里文化", "9 项 · 468 人次", 9},
		{"院落改善", "6 项 · 231 人次", 6},
		{"互助志愿", "4 项 · 241 人次", 4},
	} {
		theme := picture.Theme{Name: t.name, Note: t.note}
		for i := range t.n {
			theme.Veins = append(theme.Veins, picture.Vein{
				Title: t.name + strconv.Itoa(i+1), Spent: money.FromFen(int64(300000 + (i*737+t.n*91)%9*110000)), Served: 20 + (i*53+t.n*17)%120,
			})
		}
		l.Themes = append(l.Themes, theme)
	}
	return l
}

func flow() picture.Flow {
	return picture.Flow{
		Title: "钱从七个来源进入通用款和专款", Free: "通用款", Held: "专款",
		Sources: []picture.FlowEnd{
			{Name: "公益茶坊", Free: yuan("96420.00")},
			{Name: "义卖", Free: yuan("47832.00")},
			{Name: "网上捐赠", Free: yuan("6758.00"), Held: yuan("36160.00")},
			{Name: "报刊亭", Free: yuan("38615.50")},
			{Name: "公益晚会", Free: yuan("16500.00"), Held: yuan("20000.00")},
			{Name: "红廊线下捐赠", Free: yuan("9442.00"), Held: yuan("19452.00")},
			{Name: "书角", Free: yuan("21307.00")},
		},
		Uses: []picture.FlowEnd{
			{Name: "老人", Free: yuan("44260.00"), Held: yuan("34200.00")},
			{Name: "孩子", Free: yuan("35715.00"), Held: yuan("16600.00")},
			{Name: "邻里文化", Free: yuan("43390.00"), Held: yuan("3500.00")},
			{Name: "院落改善", Free: yuan("38225.00"), Held: yuan("10000.00")},
			{Name: "互助志愿", Free: yuan("22840.00")},
			{Name: "自营成本", Free: yuan("31204.00")},
			{Name: "管理与筹资", Free: yuan("9461.10")},
			{Name: "年末结余", Free: yuan("11779.40"), Held: yuan("11312.00"), Kept: true},
		},
	}
}

func months(narrow bool) picture.Months {
	m := picture.Months{Title: "2017 年每月收入和支出", Narrow: narrow}
	for i, v := range [][2]string{
		{"21840.00", "16230.00"},
		{"17316.50", "14872.40"},
		{"22905.00", "19655.00"},
		{"23480.00", "22348.00"},
		{"26312.00", "24180.60"},
		{"25874.00", "27902.00"},
		{"19960.00", "21476.00"},
		{"20415.00", "18934.50"},
		{"31268.00", "25610.00"},
		{"29744.00", "27388.00"},
		{"28906.00", "29746.20"},
		{"44466.00", "41052.40"},
	} {
		name := strconv.Itoa(i+1) + "月"
		if narrow {
			name = strconv.Itoa(i + 1)
		}
		m.Months = append(m.Months, picture.Month{Name: name, Title: name + " +" + v[0], In: yuan(v[0]), Out: yuan(v[1])})
	}
	return m
}

func bars(narrow bool) picture.Bars {
	b := picture.Bars{Title: "花到哪去", Narrow: narrow}
	for _, u := range flow().Uses {
		b.Rows = append(b.Rows, picture.Bar{Name: u.Name, Free: u.Free, Held: u.Held, Kind: picture.Out})
	}
	b.Rows[0].Plan, b.Rows[1].Plan, b.Rows[0].Note = yuan("90000"), yuan("50000"), "11 项 812 人次"
	return b
}

// all is every picture with a name, as a page would hold them.
func all(t testing.TB) map[string]picture.Picture {
	t.Helper()
	bare := leaf()
	bare.Bare = true
	qr, err := picture.QR{Title: "二维码", Text: "https://example.org/r/abc"}.Picture()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]picture.Picture{
		"leaf":     leaf().Picture(),
		"leafbare": bare.Picture(),
		"flow":     flow().Picture(),
		"months":   months(false).Picture(),
		"months-n": months(true).Picture(),
		"bars":     bars(false).Picture(),
		"bars-n":   bars(true).Picture(),
		"balance":  picture.Balance{Title: "专款占 36.5%", Held: yuan("23705.00"), Free: yuan("41256.65")}.Picture(),
		"progress": picture.Progress{Title: "62.4%", Raised: yuan("11232"), Goal: yuan("18000"), Held: true}.Picture(),
		"qr":       qr,
		"teeth":    picture.Teeth(),
	}
	for _, n := range picture.SceneNames() {
		out["scene-"+n] = picture.Scene(n, n)
	}
	return out
}

func TestSVGIsPlainMarkup(t *testing.T) {
	t.Parallel()
	for name, p := range all(t) {
		s := string(p.SVG())
		d := xml.NewDecoder(strings.NewReader(s))
		for {
			_, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s is not well formed: %v", name, err)
			}
		}
		if bad := regexp.MustCompile(`(?i)\s(style|on\w+|fill|stroke|href)=|<script|#[0-9a-f]{3,6}|NaN|Inf`).FindString(s); bad != "" {
			t.Errorf("%s holds %q: a picture says what a shape means, a stylesheet says how it looks", name, bad)
		}
		if p.Title != "" && !strings.Contains(s, `role="img" aria-label="`) {
			t.Errorf("%s cannot be read aloud", name)
		}
		for _, m := range regexp.MustCompile(`font-size="([\d.]+)"`).FindAllStringSubmatch(s, -1) {
			if f, _ := strconv.ParseFloat(m[1], 64); f < 13 {
				t.Errorf("%s has text of %s units", name, m[1])
			}
		}
		if dir := os.Getenv("PICTURE_DIR"); dir != "" {
			if err := os.WriteFile(dir+"/"+name+".svg", []byte(s), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestTextIsEscaped(t *testing.T) {
	t.Parallel()
	b := picture.Bars{Title: `"><script>`, Rows: []picture.Bar{{Name: "<b>&", Free: yuan("1"), Kind: picture.In}}}
	s := string(b.Picture().SVG())
	if strings.Contains(s, "<script") || strings.Contains(s, "<b>") {
		t.Fatalf("a name became markup: %s", s)
	}
}

func TestNothingToShow(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]picture.Picture{
		"leaf":     picture.Leaf{Themes: []picture.Theme{{Name: "空"}}}.Picture(),
		"flow":     picture.Flow{}.Picture(),
		"months":   picture.Months{Months: make([]picture.Month, 12)}.Picture(),
		"bars":     picture.Bars{Rows: []picture.Bar{{Name: "无"}}}.Picture(),
		"balance":  picture.Balance{}.Picture(),
		"progress": picture.Progress{}.Picture(),
	} {
		if s := string(p.SVG()); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
			t.Errorf("%s: %s", name, s)
		}
	}
}

// A longer vein always means more money, and bars keep the proportions of their amounts.
func TestLeafLengthsFollowMoney(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := picture.Leaf{Bare: true}
		var spent []int64
		for range rapid.IntRange(1, 6).Draw(t, "themes") {
			var th picture.Theme
			for range rapid.IntRange(0, 12).Draw(t, "veins") {
				fen := rapid.Int64Range(0, 1e9).Draw(t, "fen")
				spent = append(spent, fen)
				th.Veins = append(th.Veins, picture.Vein{Spent: money.FromFen(fen), Served: 1})
			}
			l.Themes = append(l.Themes, th)
		}
		var long []float64
		for _, s := range l.Picture().Shapes {
			if v, ok := s.(picture.Line); ok {
				dx, dy := v.X2-v.X1, v.Y2-v.Y1
				long = append(long, dx*dx+dy*dy)
			}
		}
		if len(long) != len(spent) {
			t.Fatalf("%d veins for %d projects", len(long), len(spent))
		}
		for i := range spent {
			for j := range spent {
				if spent[i] > spent[j] && long[i] < long[j]-1e-6 {
					t.Fatalf("%d fen is drawn shorter than %d fen", spent[i], spent[j])
				}
			}
		}
	})
}

func firstBar(t *testing.T, b picture.Bars) picture.Rect {
	t.Helper()
	for _, s := range b.Picture().Shapes {
		if r, ok := s.(picture.Rect); ok {
			return r
		}
	}
	t.Fatal("no bar")
	return picture.Rect{}
}

// In charts that were aligned, the same amount is a bar of the same length, whatever stands beside it.
func TestAlignedChartsShareOneScale(t *testing.T) {
	t.Parallel()
	a := picture.Bars{Rows: []picture.Bar{{Name: "公益茶坊与报刊亭", Free: yuan("100.00"), Kind: picture.In}, {Name: "书角", Free: yuan("900.00"), Kind: picture.In}}}
	b := picture.Bars{Rows: []picture.Bar{{Name: "老人", Note: "11 项 812 人次", Free: yuan("100.00"), Kind: picture.Out}}}
	picture.Align(&a, &b)
	if x, y := firstBar(t, a), firstBar(t, b); x.W != y.W || x.X != y.X {
		t.Errorf("100 yuan is %.1f units from %.1f in one chart and %.1f from %.1f in the other", x.W, x.X, y.W, y.X)
	}
}

// The markup the stylesheet is written for.
func TestBarMarkup(t *testing.T) {
	t.Parallel()
	got := picture.Progress{Title: "已筹到目标的 62.4%", Raised: yuan("11232"), Goal: yuan("18000"), Held: true}.Picture().SVG()
	want := `<svg class="bar" role="img" aria-label="已筹到目标的 62.4%">` +
		`<line class="tick" x1="25%" y1="0%" x2="25%" y2="100%"/><line class="tick" x1="50%" y1="0%" x2="50%" y2="100%"/>` +
		`<line class="tick" x1="75%" y1="0%" x2="75%" y2="100%"/><rect class="ruled" x="0%" y="0%" width="62.4%" height="100%"/>` +
		`<rect class="edge" x="62.4%" y="0%" width="2" height="100%"/></svg>`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// However many ends a flow has, money is drawn between them: without room for the words of all, there would be words alone.
func TestFlowOfManyEnds(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 30; n++ {
		f := picture.Flow{}
		for i := range n {
			f.Uses = append(f.Uses, picture.FlowEnd{Name: strconv.Itoa(i), Free: yuan("100.00")})
		}
		f.Sources = f.Uses[:1]
		f.Sources[0].Free = yuan("100.00").Times(int64(n))
		p := f.Picture()
		for _, s := range p.Shapes {
			if r, ok := s.(picture.Rect); ok && r.Class == "c-in" && r.H < 60 {
				t.Errorf("of %d uses all the money is %.1f high on a picture of %.0f", n, r.H, p.H)
			}
		}
	}
}

// The drawn modules are the code's own, each once.
func TestQRIsTheCode(t *testing.T) {
	t.Parallel()
	const text = "https://fund.example.org/r/ja7xm4k2wq5tz3n6c8v9b1d0fe"
	p, err := picture.QR{Text: text}.Picture()
	if err != nil {
		t.Fatal(err)
	}
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	want := code.Bitmap()
	got := make([][]bool, len(want))
	for y := range got {
		got[y] = make([]bool, len(want))
	}
	for _, run := range p.Shapes[0].(picture.Path).Flat(1) {
		for x := int(run[0].X); x < int(run[1].X); x++ {
			got[int(run[0].Y)][x] = true
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMonthsKeepToThreeGridLines(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		fen := rapid.Int64Range(1, 1e13).Draw(t, "fen")
		lines := 0
		for _, s := range (picture.Months{Months: []picture.Month{{In: money.FromFen(fen)}}}).Picture().Shapes {
			if l, ok := s.(picture.Line); ok && l.Class == "grid" {
				lines++
			}
		}
		if lines > 3 {
			t.Fatalf("%d grid lines for %d fen", lines, fen)
		}
	})
}
