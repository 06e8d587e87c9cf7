package statement

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding/htmlindex"

	"fund/ledger/money"
)

// CAMT is the statement of ISO 20022: .053 a day's statement, .052 a report
// within the day, .054 single notices. Versions 02 to 13 differ in where a name
// stands and in whether a status is text or a code; namespaces do not matter.
//
// One entry is one line, because one entry is one movement of the account: the
// payments of a batch are listed in its memo. CdtDbtInd alone gives the sign,
// also of a reversal.

// leaf is a value with the row in which it stands.
type leaf struct {
	Text, Ccy string
	row       int
}

func (l *leaf) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	for _, a := range start.Attr {
		if a.Name.Local == "Ccy" {
			l.Ccy = a.Value
		}
	}
	l.row, _ = d.InputPos()
	var v struct {
		Text string `xml:",chardata"`
		Code string `xml:"Cd"`
	}
	err := d.DecodeElement(&v, &start)
	if l.Text = strings.TrimSpace(v.Text); l.Text == "" {
		l.Text = strings.TrimSpace(v.Code)
	}
	return err
}

type camtDate struct {
	Day    leaf `xml:"Dt"`
	Moment leaf `xml:"DtTm"`
}

type camtParty struct {
	Name  string `xml:"Nm"`
	Party string `xml:"Pty>Nm"`
}

type camtSum struct {
	Count leaf `xml:"NbOfNtries"`
	Sum   leaf `xml:"Sum"`
}

type camtAmounts struct {
	Instructed leaf `xml:"InstdAmt>Amt"`
	Booked     leaf `xml:"TxAmt>Amt"`
	Counter    leaf `xml:"CntrValAmt>Amt"`
}

type camtDetail struct {
	Amount  leaf        `xml:"Amt"`
	Amounts camtAmounts `xml:"AmtDtls"`
	Refs    struct {
		Servicer string `xml:"AcctSvcrRef"`
		EndToEnd string `xml:"EndToEndId"`
		Tx       string `xml:"TxId"`
	} `xml:"Refs"`
	Debtor       camtParty `xml:"RltdPties>Dbtr"`
	Creditor     camtParty `xml:"RltdPties>Cdtr"`
	Text         []string  `xml:"RmtInf>Ustrd"`
	CreditorRefs []string  `xml:"RmtInf>Strd>CdtrRefInf>Ref"`
	Info         string    `xml:"AddtlTxInf"`
}

type camtEntry struct {
	Ref      string       `xml:"NtryRef"`
	Amount   leaf         `xml:"Amt"`
	Sign     leaf         `xml:"CdtDbtInd"`
	Status   leaf         `xml:"Sts"`
	Booked   camtDate     `xml:"BookgDt"`
	Value    camtDate     `xml:"ValDt"`
	Servicer string       `xml:"AcctSvcrRef"`
	Amounts  camtAmounts  `xml:"AmtDtls"`
	Details  []camtDetail `xml:"NtryDtls>TxDtls"`
	Info     string       `xml:"AddtlNtryInf"`
}

type camtBalance struct {
	Code   leaf `xml:"Tp>CdOrPrtry>Cd"`
	Amount leaf `xml:"Amt"`
	Sign   leaf `xml:"CdtDbtInd"`
}

// camtReader walks over one statement element.
type camtReader struct {
	s       Statement
	opening string // the code of the balance that Opening came from
	booked  money.Amount
	sums    [2]money.Amount // credits, debits
	counts  [2]int
	claims  func() error
	closeAt int
}

func parseCAMT(data []byte, options Options) ([]Statement, error) {
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, bom)))
	d.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		e, err := htmlindex.Get(label)
		if err != nil {
			return nil, err
		}
		return e.NewDecoder().Reader(r), nil
	}
	var found []Statement
	layout := "camt"
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, brokenXML(d, err)
		}
		switch t := token.(type) {
		case xml.Directive:
			row, _ := d.InputPos()
			return nil, &Error{Row: row, Text: say("文件带有 DOCTYPE，拒绝读取", "the file has a DOCTYPE and is refused")}
		case xml.StartElement:
			switch t.Name.Local {
			case "Document":
				if at := strings.LastIndex(t.Name.Space, "camt."); at >= 0 {
					layout = t.Name.Space[at:]
				}
			case "Stmt", "Rpt", "Ntfctn":
				s, err := readCAMT(d, t, options.reading)
				if err != nil {
					return nil, brokenXML(d, err)
				}
				s.Layout = layout
				found = append(found, *s)
			}
		}
	}
	if len(found) == 0 {
		return nil, &Error{Row: 1, Text: say("文件里没有对账单", "there is no statement in the file")}
	}
	return found, nil
}

// brokenXML keeps our own errors and gives a row to the decoder's.
func brokenXML(d *xml.Decoder, err error) error {
	var ours *Error
	if errors.As(err, &ours) {
		return ours
	}
	row, _ := d.InputPos()
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		row = syntax.Line
	}
	return &Error{Row: row, Text: say("XML 不完整或已损坏", "the XML is damaged or cut off")}
}

func readCAMT(d *xml.Decoder, start xml.StartElement, r *reading) (*Statement, error) {
	c := &camtReader{s: Statement{Format: CAMT, reading: r}}
	for {
		token, err := d.Token()
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		switch t := token.(type) {
		case xml.EndElement:
			if t.Name == start.Name {
				return c.close()
			}
		case xml.Directive:
			return nil, &Error{Text: say("文件带有 DOCTYPE，拒绝读取", "the file has a DOCTYPE and is refused")}
		case xml.StartElement:
			if err := c.element(d, t); err != nil {
				return nil, err
			}
		}
	}
}

// element reads one child of the statement.
func (c *camtReader) element(d *xml.Decoder, t xml.StartElement) error {
	switch t.Name.Local {
	case "Acct":
		var a struct {
			IBAN  string `xml:"Id>IBAN"`
			Other string `xml:"Id>Othr>Id"`
			Ccy   string `xml:"Ccy"`
		}
		if err := d.DecodeElement(&a, &t); err != nil {
			return err
		}
		if c.s.Account = strings.TrimSpace(a.IBAN); c.s.Account == "" {
			c.s.Account = strings.TrimSpace(a.Other)
		}
		c.s.Currency = currencyOf(a.Ccy)
	case "Bal":
		var b camtBalance
		if err := d.DecodeElement(&b, &t); err != nil {
			return err
		}
		return c.balance(b)
	case "TxsSummry":
		var sums struct {
			All    camtSum `xml:"TtlNtries"`
			Credit camtSum `xml:"TtlCdtNtries"`
			Debit  camtSum `xml:"TtlDbtNtries"`
		}
		if err := d.DecodeElement(&sums, &t); err != nil {
			return err
		}
		c.claims = func() error { return c.summary(sums.All, sums.Credit, sums.Debit) }
	case "Ntry":
		var e camtEntry
		row, _ := d.InputPos()
		if err := d.DecodeElement(&e, &t); err != nil {
			return err
		}
		return c.entry(row, e)
	default:
		return d.Skip()
	}
	return nil
}

// amount reads <Amt>, whose point is always a point.
func (l leaf) amount() (money.Amount, error) {
	a, ok := parseAmount(l.Text, pointDot)
	if !ok || strings.ContainsAny(l.Text, ", ()") {
		return a, &Error{Row: l.row, Column: "Amt", Read: l.Text, Text: say("读不懂金额", "cannot read the amount")}
	}
	return a, nil
}

// signed applies CdtDbtInd.
func signed(a money.Amount, sign leaf, row int) (money.Amount, error) {
	switch sign.Text {
	case "CRDT":
		return a, nil
	case "DBIT":
		return a.Neg(), nil
	}
	return a, &Error{Row: max(sign.row, row), Column: "CdtDbtInd", Read: sign.Text, Text: say("读不懂收支方向", "cannot read whether money came in or went out")}
}

// balance keeps OPBD, or PRCD in its place, and CLBD; a report within the day
// has ITBD instead, the first as opening and the last as closing.
func (c *camtReader) balance(b camtBalance) error {
	opening := b.Code.Text == "OPBD" || b.Code.Text == "PRCD" && c.opening != "OPBD" || b.Code.Text == "ITBD" && c.opening == ""
	closing := b.Code.Text == "CLBD" || b.Code.Text == "ITBD" && !opening
	if !opening && !closing {
		return nil
	}
	a, err := b.Amount.amount()
	if err != nil {
		return err
	}
	if a, err = signed(a, b.Sign, b.Amount.row); err != nil {
		return err
	}
	if c.s.Currency == "" {
		c.s.Currency = currencyOf(b.Amount.Ccy)
	}
	if opening {
		c.s.Opening, c.opening = &a, b.Code.Text
	} else {
		c.s.Closing, c.closeAt = &a, b.Amount.row
	}
	return nil
}

func (c *camtReader) entry(row int, e camtEntry) error {
	a, err := e.Amount.amount()
	if err != nil {
		return err
	}
	l := Line{Row: row, ID: e.id(), Currency: currencyOf(e.Amount.Ccy)}
	if l.Amount, err = signed(a, e.Sign, row); err != nil {
		return err
	}
	if l.Date, l.Clock, err = e.date(); err != nil {
		return err
	}
	if l.Date.IsZero() {
		c.s.warn(row, "BookgDt", "这一笔没有日期", "this line has no date")
	}
	l.Counterparty, l.Memo = e.about()
	if len(e.Details) == 1 && e.Details[0].Refs.EndToEnd != "NOTPROVIDED" {
		l.Reference = strings.TrimSpace(e.Details[0].Refs.EndToEnd)
	}
	if c.s.Currency == "" {
		c.s.Currency = l.Currency
	}
	if s := e.Status.Text; s == "PDNG" || s == "INFO" || s == "FUTR" {
		l.unmove()
		c.s.warn(e.Status.row, "Sts", "这一笔还没有入账（%s），按 0.00 记", "this line is not booked yet (%s): counted as 0.00", s)
	}
	moved := l.Amount
	if l.Currency != c.s.Currency && l.Currency != "" && !moved.IsZero() {
		moved = c.foreign(e, l)
	}
	side := boolInt(e.Sign.Text == "DBIT")
	c.sums[side] = c.sums[side].Add(l.Amount.Abs())
	c.counts[side]++
	c.booked = c.booked.Add(moved)
	c.s.add(l, l.ID)
	return nil
}
