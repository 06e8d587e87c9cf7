package page_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"fund/ledger/money"
	"fund/web/page"

	"github.com/gofiber/fiber/v2"
)

// read posts one value and hands the form to a reader of fields; the answer is what it read and what is wrong.
func read(t *testing.T, value string, field func(*page.Form) any) (got any, wrong string) {
	t.Helper()
	h := &house{T: t, app: fiber.New()}
	h.app.Post("/", func(c *fiber.Ctx) error {
		f := page.ReadForm(c).Label("x", "frame.name")
		got = field(f)
		if err := f.Err(); err != nil {
			wrong = err.(*page.WrongFields).Fields[0].Text
		}
		return nil
	})
	h.post("/", url.Values{"x": {value}}.Encode())
	return got, wrong
}

func TestFields(t *testing.T) {
	t.Parallel()
	amount := func(f *page.Form) any { return f.Amount("x").String() }
	zeroAmount := func(f *page.Form) any { return f.Amount("x", page.Zero).String() }
	maybeAmount := func(f *page.Form) any { return f.Amount("x", page.Optional).String() }
	text := func(f *page.Form) any { return f.Text("x", 5) }
	choice := func(f *page.Form) any { return f.Choice("x", []string{"wechat", "cash"}) }
	date := func(f *page.Form) any { return f.Date("x").Format("2006-01-02") }
	number := func(f *page.Form) any { return f.Int("x", 1, 99) }
	email := func(f *page.Form) any { return f.Email("x") }
	const (
		notAmount = "写成数字，例如 66 或 18.80"
		nothing   = "要大于 0，例如 66 或 18.80"
		blank     = "这里要填"
	)
	for _, c := range []struct {
		name  string
		field func(*page.Form) any
		typed string
		want  any
		wrong string
	}{
		{"amount", amount, "12", "12.00", ""},
		{"amount", amount, " 18.80 ", "18.80", ""},
		{"amount", amount, "18.8", "18.80", ""},
		{"amount", amount, "-1", "0.00", notAmount},
		{"amount", amount, "0", "0.00", nothing},
		{"amount", amount, "0.00", "0.00", nothing},
		{"amount", amount, "NaN", "0.00", notAmount},
		{"amount", amount, "Infinity", "0.00", notAmount},
		{"amount", amount, "1e9999", "0.00", notAmount},
		{"amount", amount, "1e5", "0.00", notAmount},
		{"amount", amount, "0.001", "0.00", notAmount},
		{"amount", amount, "−", "0.00", notAmount},
		{"amount", amount, "１２", "0.00", notAmount},
		{"amount", amount, "1,234.50", "0.00", notAmount},
		{"amount", amount, "1234567890123", "0.00", notAmount},
		{"amount", amount, "六十六", "0.00", notAmount},
		{"amount", amount, "", "0.00", blank},
		{"amount or zero", zeroAmount, "0", "0.00", ""},
		{"optional amount", maybeAmount, "", "0.00", ""},
		{"optional amount", maybeAmount, "x", "0.00", notAmount},
		{"text", text, "王婆婆", "王婆婆", ""},
		{"text", text, "e\u0301", "é", ""},
		{"text", text, "a\u202eb\u200bc\x00\ufeff", "abc", ""},
		{"text", text, "a\r\nb", "a\nb", ""},
		{"text", text, "\u200b\u200b", "", blank},
		{"text", text, "𠮷田", "𠮷田", ""},
		{"text", text, "123456", "", "最多 5 个字，现在是 6 个"},
		{"text", text, " ", "", blank},
		{"choice", choice, "cash", "cash", ""},
		{"choice", choice, "gold", "", "从列出的里面选一个"},
		{"date", date, "2017-12-05", "2017-12-05", ""},
		{"date", date, "2017-02-30", "0001-01-01", "写成年-月-日，例如 2017-12-05"},
		{"date", date, "0017-02-03", "0001-01-01", "写成年-月-日，例如 2017-12-05"},
		{"int", number, "12", 12, ""},
		{"int", number, "0", 0, "写 1 到 99 之间的整数"},
		{"int", number, "99999999999999999999", 0, "写 1 到 99 之间的整数"},
		{"int", number, "1.5", 0, "写成整数，例如 12"},
		{"email", email, "Wang@Example.CN", "Wang@example.cn", ""},
		{"email", email, "wang.example.cn", "", "写完整的邮箱，例如 wang@example.cn"},
		{"email", email, "Wang <w@example.cn>", "", "写完整的邮箱，例如 wang@example.cn"},
		{"email", email, "w@localhost", "", "写完整的邮箱，例如 wang@example.cn"},
		{"email", email, "w@example.cn\r\nBcc: x@example.cn", "", "写完整的邮箱，例如 wang@example.cn"},
	} {
		t.Run(fmt.Sprintf("%s %q", c.name, c.typed), func(t *testing.T) {
			t.Parallel()
			if got, wrong := read(t, c.typed, c.field); got != c.want || wrong != c.wrong {
				t.Errorf("got %v, %q; want %v, %q", got, wrong, c.want, c.wrong)
			}
		})
	}
}

func TestAWrongFormComesBackAsItWasTyped(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{})
	var amount money.Amount
	h.app.Get("/form", func(c *fiber.Ctx) error {
		return page.Render(c, "public/form", page.BlankForm(c).Label("amount", "frame.name"))
	})
	h.app.Post("/form", func(c *fiber.Ctx) error {
		f := page.ReadForm(c).Label("amount", "frame.name")
		if amount = f.Amount("amount"); f.AnyWrong() {
			return page.Again(c, "public/form", f)
		}
		return c.SendString(amount.String())
	})
	token := cookie(h.get("/form"), "form").Value
	a := h.post("/form", url.Values{"csrf": {token}, "amount": {`六"十六`}}.Encode(), "Cookie", "form="+token)
	h.says(a, 422, `role="alert"`, "有 1 处要改", `<a href="#f-amount">社区公账：写成数字，例如 66 或 18.80</a>`,
		`value="六&#34;十六"`, `aria-invalid="true"`, `aria-describedby="f-amount-hint f-amount-wrong"`, `id="f-amount-wrong"`)
	if strings.Count(a.body, "form.wrong") > 0 {
		t.Error("a key instead of its message")
	}
	h.says(h.post("/form", "csrf="+token+"&amount=66", "Cookie", "form="+token), 200, "66.00")
}
