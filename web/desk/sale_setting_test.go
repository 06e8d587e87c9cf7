package desk_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"testing"

	qrcode "github.com/skip2/go-qrcode"

	"fund/web/auth"
)

const saleSettingPath = "/c/angong/desk/sales/setting"

// photographed is a code as a telephone sees it: not at the edge, on a table.
func photographed(t testing.TB, text string) []byte {
	t.Helper()
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	table := image.NewRGBA(image.Rect(0, 0, 700, 900))
	draw.Draw(table, table.Bounds(), image.NewUniform(color.RGBA{190, 160, 120, 255}), image.Point{}, draw.Src)
	draw.Draw(table, image.Rect(120, 210, 520, 610), code.Image(400), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, table); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The codes of a table are read out of photographs, and shown by the till; another company's, or none, is said to be wrong.
func TestCollectionCodesAreReadFromPhotographs(t *testing.T) {
	t.Parallel()
	h := open(t)
	treasurer := h.as(t, auth.Treasurer)
	send := func(field string, file []byte) answer {
		return treasurer.upload(saleSettingPath, field, file, treasurer.form(saleSettingPath, "refund_max", "30", "paper", "58"))
	}
	wantIn(t, "another's code", send("wechat", photographed(t, "https://qr.alipay.com/fkx1234567")).Body, "这不是微信的收款码")
	wantIn(t, "an address", send("alipay", photographed(t, "https://example.org/")).Body, "这不是支付宝的收款码")
	blank := new(bytes.Buffer)
	if err := png.Encode(blank, image.NewRGBA(image.Rect(0, 0, 300, 300))); err != nil {
		t.Fatal(err)
	}
	wantIn(t, "a white wall", send("wechat", blank.Bytes()).Body, "没有读出二维码")
	wantIn(t, "kept", send("wechat", photographed(t, "wxp://f2f0abcdefgh")).Body, "记下了", "收银台上显示的收款码")
	if got := get[string](t, h, `SELECT wechat_code || ' ' || refund_max || ' ' || paper FROM sale.setting`); got != "wxp://f2f0abcdefgh 30.00 58" {
		t.Errorf("kept %s", got)
	}
	off := treasurer.form(saleSettingPath, "refund_max", "30", "paper", "58", "wechat_off", "yes")
	treasurer.post(saleSettingPath, off)
	if got := get[string](t, h, `SELECT wechat_code FROM sale.setting`); got != "" {
		t.Errorf("taken away, and still %s", got)
	}
}
