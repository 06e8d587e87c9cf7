package pdf_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"fund/ledger/money"
	"fund/web/pdf"
)

// kinds are the samples of the reports that are issued, and of the list of donors.
func kinds(l string) map[string]func(io.Writer) error {
	annual, project, venture, sheet, donors := sampleAnnual(l), sampleProject(l), sampleVenture(l), sampleSheet(l), sampleDonors(l)
	annual.Photos = map[string][]byte{"a": samplePhoto(), "b": samplePhoto()} // the third was taken back
	project.Photos, venture.Photos = annual.Photos, annual.Photos
	return map[string]func(io.Writer) error{
		"annual":   func(w io.Writer) error { return pdf.AnnualReport(w, annual) },
		"project":  func(w io.Writer) error { return pdf.ProjectReport(w, project) },
		"venture":  func(w io.Writer) error { return pdf.VentureReport(w, venture) },
		"sheet-a4": func(w io.Writer) error { return pdf.NoticeSheet(w, sheet, pdf.A4) },
		"sheet-a3": func(w io.Writer) error { return pdf.NoticeSheet(w, sheet, pdf.A3) },
		"donors":   func(w io.Writer) error { return pdf.DonorList(w, donors) },
	}
}

func sampleStamp(l string) pdf.Stamp {
	return pdf.Stamp{
		Serial: "2018-003", Version: 1, On: date(2018, 1, 8), URL: "https://fund.example.org/c/angong/documents/2018-003/1",
		Corrections: []pdf.Correction{{
			Serial: "2017-011", Version: 2, Title: in(l, "2017 年 9 月公开报告", "Report of September 2017"), On: date(2017, 10, 20),
			Note: in(l, "义卖收入少写了 260 元，凭证 2017-0341 红字冲销后重记。", "The sale’s takings were 260 yuan short; entry 2017-0341 was undone and written again."),
		}},
	}
}

// samplePhoto is a landscape of three bands.
func samplePhoto() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 480, 320))
	for y := range 320 {
		for x := range 480 {
			c := color.RGBA{0xE2, 0xA9 - uint8(y/8), 0x22 + uint8(x/6), 255}
			if y > 200 {
				c = color.RGBA{0x2C, 0x63 + uint8(x/12), 0x49, 255}
			}
			img.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func sampleAnnual(l string) pdf.AnnualDoc {
	d := pdf.AnnualDoc{ReportDoc: sampleReport(l)}
	d.Stamp = sampleStamp(l)
	d.Facts = []pdf.Fact{
		{Name: in(l, "编制单位", "Reporting entity"), Text: in(l, "安公社区公账", "Angong Community open books")},
		{Name: in(l, "托管机构", "Host"), Text: in(l, "锦城社区公益基金会（示例），公开募捐资格证书 A51000001", "Jincheng Community Foundation (example), certificate A51000001")},
		{Name: in(l, "会计制度", "Standard"), Text: in(l, "《民间非营利组织会计制度》（2026 年 1 月 1 日起施行）", "Accounting System for Non-profit Organisations, in force 2026-01-01")},
	}
	d.Groups = []pdf.Fact{{Name: in(l, "居民小组", "Residents’ groups"), Text: in(l, "85 个，成员 3,000 人，一年活动 1,400 次", "85 with 3,000 members and 1,400 activities")}}
	d.Passages = []pdf.Passage{{Title: in(l, "这一年做了什么", "What was done"), Text: in(l, "茶坊搬进了新屋，义卖办了四场。三十八个项目都做完了。", "The tea house moved; four charity sales were held; all 38 projects were finished.")}}
	d.Notes = []pdf.Passage{{Title: in(l, "1. 编制基础", "1. Basis"), Text: in(l, "权责发生制，人民币，公历年度。", "Accrual basis, in yuan, by calendar year.")}}
	d.Paid = []pdf.Use{
		{Name: in(l, "捐赠", "Gifts"), Free: yuan("106312.00")}, {Name: in(l, "自己挣的", "Earned"), Free: yuan("136418.00")}, {Name: in(l, "政府补助", "Government"), Held: yuan("6000.00")},
	}
	d.Own = yuan("242730.00")
	d.Votes = pdf.Votes{Councils: 2, Passed: 2, Failed: 1, Amount: yuan("24800.00"), Motions: []pdf.MotionPart{
		{Council: in(l, "3 号院议事会", "Council of Courtyard 3"), Serial: "2017-004", Title: in(l, "冬至饺子宴用款", "Money for the dumplings"), On: day(l, 2017, 11, 12), For: 11, Against: 1, Abstained: 2, Amount: yuan("8800.00"), Passed: true},
		{Council: in(l, "社区议事会", "Community council"), Serial: "2017-021", Title: in(l, "夜间广场舞场地", "Dancing at night"), On: day(l, 2017, 6, 2), For: 6, Against: 19, Abstained: 3},
		{Council: in(l, "社区议事会", "Community council"), Serial: "2017-022", Title: in(l, "助浴上门第二年", "Baths at home, second year"), On: day(l, 2017, 6, 2), For: 25, Against: 0, Abstained: 3, Amount: yuan("16000.00"), Passed: true},
	}}
	d.Hours = pdf.Hours{Minutes: 74310, Times: 612, People: 204, PassedOn: 38}
	for m := 1; m <= 12; m++ {
		name := fmt.Sprintf("%d月", m)
		if l == "en" {
			name = time.Month(m).String()[:3]
		}
		d.Hours.Months = append(d.Hours.Months, pdf.HourMonth{Month: name, Help: 2400 + 130*m, Shift: 1500 + 700*(m%4)})
	}
	d.Ventures = []pdf.VenturePart{
		{Name: in(l, "公益茶坊", "Tea house"), Income: yuan("96420.00"), Expense: yuan("19804.00"), PassedOn: yuan("70000.00")},
		{Name: in(l, "报刊亭", "Newsstand"), Income: yuan("38615.50"), Expense: yuan("8400.00"), PassedOn: yuan("29000.00")},
	}
	d.Costs = []pdf.CostPart{
		{Name: in(l, "业务活动成本", "Programme costs"), Amount: yuan("279934.00")},
		{Name: in(l, "管理费用", "Administration"), Amount: yuan("6318.50")},
		{Name: in(l, "筹资费用", "Fundraising"), Amount: yuan("3142.60")},
	}
	d.Pictures = samplePictures(l)
	return d
}

func day(l string, y, m, d int) string {
	if l == "en" {
		return date(y, m, d).Format("2 January 2006")
	}
	return date(y, m, d).Format("2006 年 1 月 2 日")
}

func samplePictures(l string) []pdf.Picture {
	return []pdf.Picture{
		{ID: "a", W: 480, H: 320, Caption: in(l, "冬至那天，96 位老人一起吃饺子。", "Ninety-six elders at the solstice.")},
		{ID: "b", W: 480, H: 320, Caption: in(l, "书角的新椅子。", "New chairs.")},
		{ID: "c", W: 480, H: 320, Caption: in(l, "茶坊的下午。", "An afternoon at the tea house.")},
	}
}

func sampleProject(l string) pdf.ProjectDoc {
	d := pdf.ProjectDoc{
		Stamp: sampleStamp(l), Head: sampleHead(l), Title: in(l, "助浴上门：给走不动的老人洗个热水澡", "A hot bath at home for those who cannot walk"), Theme: in(l, "老人", "Elders"), Held: true,
		Facts: []pdf.Fact{
			{Name: in(l, "地点", "Where"), Text: in(l, "安公社区各院落", "All courtyards")},
			{Name: in(l, "谁同意的", "Agreed by"), Text: in(l, "社区议事会，2017 年 3 月 2 日，25 票赞成，0 票反对", "Community council, 2 March 2017, 25 for, none against")},
		},
		Budget: yuan("13500.00"), Received: yuan("13500.00"), Spent: yuan("13061.12"), Left: yuan("438.88"), Served: 166, Sessions: 42, Minutes: 9120,
		Sources: []pdf.Use{{Name: in(l, "捐赠", "Gifts"), Held: yuan("9500.00")}, {Name: in(l, "议事会拨的通用款", "Voted"), Free: yuan("4000.00")}},
		Lines: []pdf.PlanPart{
			{Name: in(l, "移动浴槽租金", "Hire of the tub"), Plan: yuan("6000.00"), Spent: yuan("6000.00")},
			{Name: in(l, "护工补贴", "Carers"), Plan: yuan("6500.00"), Spent: yuan("6310.00")},
			{Name: in(l, "毛巾和用品", "Towels"), Plan: yuan("1000.00"), Spent: yuan("751.12")},
		},
		Activities: []pdf.ActivityPart{
			{Name: in(l, "上门助浴", "Baths at home"), First: date(2017, 3, 20), Last: date(2017, 12, 18), Sessions: 36, Served: 121},
			{Name: in(l, "护理课", "Care classes"), First: date(2017, 4, 2), Last: date(2017, 9, 2), Sessions: 4, Served: 30},
			{Name: in(l, "家属茶话会", "Families’ tea"), First: date(2017, 6, 2), Last: date(2017, 6, 2), Sessions: 2, Served: 15},
		},
		Stones:   []pdf.StonePart{{Title: in(l, "第一次上门", "First bath"), Due: date(2017, 3, 31), Done: date(2017, 3, 20)}, {Title: in(l, "一百次", "A hundred"), Due: date(2017, 12, 31)}},
		Passages: []pdf.Passage{{Title: in(l, "为什么要做", "The need"), Text: in(l, "院里有 23 位老人半年没有洗过澡。", "Twenty-three elders had not bathed for half a year.")}},
		Told:     3, Pictures: samplePictures(l),
	}
	for i := range 14 {
		d.Payments = append(d.Payments, pdf.EntryRow{Date: date(2017, 3+i%9, 4+i), Number: fmt.Sprintf("2017-%04d", 300+i), Memo: in(l, "付浴槽租金", "Hire of the tub"), Out: money.FromFen(int64(93293 + i%2))})
	}
	for i := range 42 {
		d.Times = append(d.Times, 2+i*7%9)
	}
	return d
}

func sampleVenture(l string) pdf.VentureDoc {
	stamp := sampleStamp(l)
	stamp.Version, stamp.Note = 2, in(l, "7 月的成本少写了一笔 120 元的水费，加上了。", "July’s costs lacked 120 yuan for water; they are in now.")
	d := pdf.VentureDoc{
		Stamp: stamp, Head: sampleHead(l), Name: in(l, "公益茶坊", "The tea house"),
		Facts:  []pdf.Fact{{Name: in(l, "地点", "Where"), Text: in(l, "社区服务中心一楼", "Ground floor of the service centre")}},
		Income: yuan("96420.00"), Expense: yuan("19804.00"), PassedOn: yuan("70000.00"), Had: yuan("1200.00"), Has: yuan("7816.00"),
		Earned:   []pdf.CostPart{{Name: in(l, "茶水", "Tea"), Amount: yuan("90420.00")}, {Name: in(l, "场地", "Hire of the room"), Amount: yuan("6000.00")}},
		Cost:     []pdf.CostPart{{Name: in(l, "茶叶和水电", "Tea and power"), Amount: yuan("19804.00")}},
		Pictures: samplePictures(l),
		Handed:   []pdf.EntryRow{{Date: date(2017, 7, 5), Number: "2017-1100", Memo: in(l, "上半年结余转通用款", "First half passed on"), Out: yuan("70000.00")}},
	}
	for m := 1; m <= 12; m++ {
		d.Months = append(d.Months, pdf.VentureMonth{Month: date(2017, m, 1), In: money.FromFen(int64(803500)), Out: money.FromFen(int64(100000 + 11849*m%90000))})
	}
	d.Months[6].Gave = yuan("70000.00")
	return d
}

func sampleSheet(l string) pdf.SheetDoc {
	r := sampleReport(l)
	return pdf.SheetDoc{
		Stamp: sampleStamp(l), Head: r.Head, Opening: r.Opening, Income: r.Income, Expense: r.Expense, Closing: r.Closing, Held: r.ClosingHeld,
		Sources: r.Sources, Uses: r.Uses, Projects: 38, Served: 2326,
	}
}

func sampleDonors(l string) pdf.DonorsDoc {
	d := pdf.DonorsDoc{Head: sampleHead(l)}
	for n, c := range sampleReport(l).Campaigns {
		p := pdf.DonorPart{Title: c.Title, Unnamed: 20 + n, Rest: yuan("1980.00")}
		for i := range 12 - 2*n {
			p.Rows = append(p.Rows, pdf.DonorRow{Name: in(l, "王阿姨", "Auntie Wang"), Date: date(2017, 11, 20+i%9), Amount: money.FromFen(int64(5000 + 1000*i))})
		}
		p.Rows[0].Words = in(l, "祝老人们身体健康！", "Good health to all!")
		d.Parts = append(d.Parts, p)
	}
	return d
}

// A report's value is kept as JSON: what is drawn from it afterwards is the very document.
func TestReportsSurviveJSON(t *testing.T) {
	t.Parallel()
	for _, l := range langs {
		roundTrip(t, sampleAnnual(l), pdf.AnnualReport)
		roundTrip(t, sampleProject(l), pdf.ProjectReport)
		roundTrip(t, sampleVenture(l), pdf.VentureReport)
		roundTrip(t, sampleReport(l), pdf.TransparencyReport)
		roundTrip(t, sampleSheet(l), func(w io.Writer, d pdf.SheetDoc) error { return pdf.NoticeSheet(w, d, pdf.A4) })
	}
}

func roundTrip[T any](t *testing.T, doc T, draw func(io.Writer, T) error) {
	t.Helper()
	kept, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	var back T
	if err := json.Unmarshal(kept, &back); err != nil {
		t.Fatal(err)
	}
	want, got := render(t, func(w io.Writer) error { return draw(w, doc) }), render(t, func(w io.Writer) error { return draw(w, back) })
	if !bytes.Equal(want, got) {
		t.Errorf("%T drawn from its JSON differs", doc)
	}
}

// The shares that stand under each other make the whole, as they do on the year's page.
func TestSharesMakeTheWhole(t *testing.T) {
	t.Parallel()
	doc := sampleAnnual("en")
	doc.Costs = []pdf.CostPart{{Name: "Programme", Amount: yuan("279934.00")}, {Name: "Administration", Amount: yuan("6318.50")}, {Name: "Fundraising", Amount: yuan("3142.60")}}
	text := tool(t, render(t, func(w io.Writer) error { return pdf.AnnualReport(w, doc) }), "pdftotext", "-layout", "FILE", "-")
	for _, want := range []string{`Programme +96\.7%`, `Administration +2\.2%`, `Fundraising +1\.1%`} {
		if !regexp.MustCompile(want).MatchString(text) {
			t.Errorf("no %s", want)
		}
	}
}

// What a reader hears read aloud, or copies, stands in the order of the pages and of a page's lines.
func TestReportsReadInOrder(t *testing.T) {
	t.Parallel()
	for kind, keys := range map[string][]string{
		"annual": {
			"annual.who", "key", "flow", "themes", "projects", "annual.own", "annual.photos", "annual.votes", "annual.hours", "campaigns",
			"annual.ventures", "annual.costs", "funds", "activities", "balance", "cash", "annual.notes", "annual.sign", "entries", "reversals", "corrections", "check",
		},
		"project": {"project.glance", "project.money", "project.months", "project.outcomes", "project.photos", "project.told", "project.payments", "corrections", "check"},
		"venture": {"venture.glance", "venture.result", "venture.photos", "corrections", "check"},
	} {
		for _, l := range langs {
			first := "2"
			if kind == "annual" {
				first = "3" // after its contents
			}
			text := tool(t, render(t, kinds(l)[kind]), "pdftotext", "-raw", "-f", first, "FILE", "-")
			for _, key := range keys {
				heading := strings.ReplaceAll(pdf.Labels(l)[key], "’", "'")
				at := regexp.MustCompile(`(?m)^\f?` + regexp.QuoteMeta(heading) + `($| 2017 年| 1 January)`).FindStringIndex(text)
				if at == nil {
					t.Errorf("%s in %s: %q does not come where it should", kind, l, heading)
					continue
				}
				text = text[at[1]:]
			}
		}
	}
	for _, l := range langs {
		got := tool(t, render(t, kinds(l)["sheet-a4"]), "pdftotext", "-raw", "FILE", "-")
		golden(t, "testdata/sheet-"+l+".golden", got)
	}
}
