package statement

import (
	"strings"
	"time"

	"fund/ledger/money"
)

// id is the bank's own reference of an entry.
func (e camtEntry) id() string {
	ids := []string{e.Servicer, e.Ref}
	if len(e.Details) == 1 {
		ids = append(ids, e.Details[0].Refs.Servicer, e.Details[0].Refs.Tx, e.Details[0].Refs.EndToEnd)
	}
	for _, id := range ids {
		if id = strings.TrimSpace(id); id != "" && id != "NOTPROVIDED" {
			return id
		}
	}
	return ""
}

// date is the day of booking, else of value.
func (e camtEntry) date() (time.Time, string, error) {
	for _, l := range []leaf{e.Booked.Day, e.Booked.Moment, e.Value.Day, e.Value.Moment} {
		if l.Text == "" {
			continue
		}
		text := l.Text
		if len(text) == 16 || len(text) == 11 { // a day with a time zone: 2026-04-02+02:00
			text = text[:10]
		}
		t, clock, ok := parseDate(text, dayFirst)
		if !ok {
			return t, "", &Error{Row: l.row, Column: "BookgDt", Read: l.Text, Text: say("读不懂日期", "cannot read the date")}
		}
		return t, clock, nil
	}
	return time.Time{}, "", nil
}

// about names the other side and what the payment is for. A batch has many
// other sides: they and their sums go into the memo.
func (e camtEntry) about() (counterparty, memo string) {
	var parts []string
	for _, d := range e.Details {
		party := d.Debtor
		if e.Sign.Text == "DBIT" {
			party = d.Creditor
		}
		name := strings.TrimSpace(party.Name + party.Party)
		text := strings.Join(strings.Fields(strings.Join(append(d.Text, d.CreditorRefs...), " ")), " ")
		if text == "" {
			text = strings.TrimSpace(d.Info)
		}
		if len(e.Details) == 1 {
			counterparty = name
			parts = append(parts, text)
			continue
		}
		sum := d.Amount.Text
		if sum == "" {
			sum = d.Amounts.Booked.Text
		}
		parts = append(parts, strings.TrimSpace(strings.Join(strings.Fields(name+" "+sum+" "+text), " ")))
	}
	if memo = join(parts...); memo == "" {
		memo = strings.TrimSpace(e.Info)
	}
	return counterparty, memo
}

// foreign finds what an entry in another currency moved on the account. The
// line keeps the amount and currency of the entry; the treasurer is told.
func (c *camtReader) foreign(e camtEntry, l Line) money.Amount {
	all := []camtAmounts{e.Amounts}
	if len(e.Details) == 1 {
		all = append(all, e.Details[0].Amounts)
	}
	for _, amounts := range all {
		for _, own := range []leaf{amounts.Booked, amounts.Counter, amounts.Instructed} {
			if own.Ccy != c.s.Currency {
				continue
			}
			if a, err := own.amount(); err == nil {
				if l.Amount.Sign() < 0 {
					a = a.Neg()
				}
				c.s.warn(e.Amount.row, "Amt", "这一笔是 %s %s，账户币种是 %s：账户上的金额是 %s", "this line is in %s %s on an account in %s: on the account it is %s",
					l.Currency, l.Amount, c.s.Currency, a)
				return a
			}
		}
	}
	c.s.warn(e.Amount.row, "Amt", "这一笔是 %s %s，账户币种是 %s，文件没有说账户上是多少", "this line is in %s %s on an account in %s, and the file does not say what that is on the account",
		l.Currency, l.Amount, c.s.Currency)
	return l.Amount
}

// summary compares the file's own counts and sums.
func (c *camtReader) summary(all, credit, debit camtSum) error {
	for _, claim := range []struct {
		column string
		claim  camtSum
		count  int
		sum    money.Amount
	}{
		{"TtlNtries", all, c.s.Count, c.sums[0].Add(c.sums[1])},
		{"TtlCdtNtries", credit, c.counts[0], c.sums[0]},
		{"TtlDbtNtries", debit, c.counts[1], c.sums[1]},
	} {
		if claim.claim.Count.Text != "" {
			c.s.claimCount(claim.claim.Count.row, claim.column, claim.claim.Count.Text, claim.count)
		}
		if claim.claim.Sum.Text != "" {
			a, err := claim.claim.Sum.amount()
			if err != nil {
				return err
			}
			c.s.claim(claim.claim.Sum.row, claim.column, a, claim.sum)
		}
	}
	return nil
}

func (c *camtReader) close() (*Statement, error) {
	if c.claims != nil {
		if err := c.claims(); err != nil {
			return nil, err
		}
	}
	c.s.tie(c.closeAt, "CLBD", c.booked)
	return &c.s, nil
}
