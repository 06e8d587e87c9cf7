package sale

import (
	"context"
	"errors"
	"strings"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Setting is what a community decides about its tills.
type Setting struct {
	RefundMax money.Amount `db:"refund_max"` // what one person alone may give back
	Paper     string       `db:"paper"`      // of receipts: 58, 80 or a4
	// What the collection codes (收款码) on the table say, which a buyer's telephone reads; empty for none.
	WeChatCode string `db:"wechat_code"`
	AlipayCode string `db:"alipay_code"`
}

// Code is what the collection code of a way says; empty where there is none.
func (s Setting) Code(way Way) string {
	switch way {
	case WeChat:
		return s.WeChatCode
	case Alipay:
		return s.AlipayCode
	}
	return ""
}

// ErrNotCollecting is returned for a code that no payment company's own app pays to.
var ErrNotCollecting = errors.New("sale: this is no collection code of that company")

// collecting are how the companies' collection codes begin.
var collecting = map[Way][]string{
	WeChat: {"wxp://", "https://payapp.weixin.qq.com/", "weixin://wxpay/"},
	Alipay: {"https://qr.alipay.com/", "https://qr.alipay.hk/"},
}

// Collects tells whether a code collects money by a way: by its beginning, for
// nobody but the company knows more.
func Collects(way Way, code string) bool {
	for _, start := range collecting[way] {
		if len(code) > len(start) && strings.EqualFold(code[:len(start)], start) {
			return true
		}
	}
	return false
}

// Settings of a community that made none.
var usual = Setting{RefundMax: money.MustParse("50"), Paper: "80"}

// SettingOf reads a community's setting, or what holds where none was made.
func SettingOf(ctx context.Context, q sqlx.QueryerContext, community int) (s Setting, err error) {
	defer wrap(&err, "sale.SettingOf(%d)", community)
	err = sqlx.GetContext(ctx, q, &s, `SELECT refund_max, paper, wechat_code, alipay_code FROM sale.setting WHERE community_id = $1`, community)
	if err != nil && errors.Is(explain(err), ErrNotFound) {
		return usual, nil
	}
	return s, err
}

// Set decides about a community's tills. ErrNotCollecting for a code of another kind.
func Set(ctx context.Context, tx *sqlx.Tx, community int, s Setting) (err error) {
	defer wrap(&err, "sale.Set(%d)", community)
	for _, way := range []Way{WeChat, Alipay} {
		if code := s.Code(way); code != "" && !Collects(way, code) {
			return ErrNotCollecting
		}
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO sale.setting (community_id, refund_max, paper, wechat_code, alipay_code) VALUES ($1, $2, $3, $4, $5)
		    ON CONFLICT (community_id) DO UPDATE SET refund_max = EXCLUDED.refund_max, paper = EXCLUDED.paper,
		       wechat_code = EXCLUDED.wechat_code, alipay_code = EXCLUDED.alipay_code`,
		community, s.RefundMax, s.Paper, s.WeChatCode, s.AlipayCode)
	return err
}
