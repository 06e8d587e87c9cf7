package journalfile

import (
	"errors"
	"slices"
	"strings"
	"time"

	"fund/ledger/money"
	"fund/ledger/statement"
)

// Problem is why a file is not taken, with its place: row, column, what stands
// there, and how to mend it.
type Problem = statement.Error

// problemsMax is how many problems are told at once.
const problemsMax = 200

// File is what a table says.
type File struct {
	Name    string
	Entries []Entry // in the order in which they begin
	unread  bool    // it has problems
}

// Entry is the rows of one voucher.
type Entry struct {
	Number string // as the file writes it: 记-12
	Date   time.Time
	Memo   string
	Lines  []Line
	row    statement.GridRow
	cols   columns
	broken bool // something in it could not be read
}

// Line is one row: a posting.
type Line struct {
	Account string       // code, name, or both
	Name    string       // of the account, where a column of its own gives it
	Fund    string       // code or name; empty for the general fund
	Amount  money.Amount // debit less credit
	Memo    string
	row     statement.GridRow
}

// Row is where the line stands in the file, from 1.
func (l Line) Row() int { return l.row.N() }

// Row is where the entry begins in the file, from 1.
func (e Entry) Row() int { return e.row.N() }

// names are what columns are called, folded as statement.ReadGrid does.
var names = struct{ entry, date, account, accountName, fund, debit, credit, memo []string }{
	entry:       []string{"凭证号", "凭证字号", "凭证编号", "凭证号数", "凭证", "字号", "编号", "entry", "entryno", "entrynumber", "voucher", "voucherno", "vouchernumber", "journal", "txn", "no", "no."},
	date:        []string{"记账日期", "凭证日期", "制单日期", "日期", "entrydate", "postingdate", "date"},
	account:     []string{"科目代码", "科目编码", "科目编号", "会计科目代码", "会计科目编码", "会计科目", "科目", "accountcode", "accountno", "accountnumber", "account"},
	accountName: []string{"科目名称", "会计科目名称", "科目全称", "accountname", "accounttitle"},
	fund:        []string{"基金", "资金用途", "资金", "专款", "项目", "辅助核算", "fundcode", "fund", "project"},
	debit:       []string{"借方金额", "借方发生额", "借方", "借", "debitamount", "debit", "dr"},
	credit:      []string{"贷方金额", "贷方发生额", "贷方", "贷", "creditamount", "credit", "cr"},
	memo:        []string{"摘要", "说明", "备注", "memo", "description", "narration", "particulars", "text"},
}

type columns struct{ entry, date, account, accountName, fund, debit, credit, memo int }

// known tells a header of a journal: it has at least date, account and both sides.
func known(header []string) bool {
	has := func(names []string) bool {
		return slices.ContainsFunc(header, func(h string) bool { return slices.Contains(names, h) })
	}
	return has(names.date) && (has(names.account) || has(names.accountName)) && has(names.debit) && has(names.credit)
}

var headerMissing = Problem{Row: 1, Text: statement.Text{
	ZH: "找不到表头。第一行要有这些列：凭证号、日期、科目、资金用途、借方、贷方、摘要",
	EN: "there is no header. The first row needs the columns entry, date, account, fund, debit, credit, memo",
}}

// Read reads a table. What it cannot read are problems; the file has what could be read, for Prepare to look at. With a
// problem nothing of it is to be posted.
func Read(name string, data []byte) (File, []*Problem) {
	grid, err := statement.ReadGrid(name, data, known)
	var broken *Problem
	switch {
	case errors.As(err, &broken):
		return File{}, []*Problem{broken}
	case err != nil:
		return File{}, []*Problem{{File: name, Row: 1, Text: statement.Text{ZH: "读不了这个文件", EN: err.Error()}}}
	case grid == nil:
		p := headerMissing
		p.File = name
		return File{}, []*Problem{&p}
	}
	r := reading{grid: grid, of: map[string]int{}, broken: map[string]bool{}, cols: columns{
		grid.Column(names.entry...), grid.Column(names.date...), grid.Column(names.account...), grid.Column(names.accountName...),
		grid.Column(names.fund...), grid.Column(names.debit...), grid.Column(names.credit...), grid.Column(names.memo...),
	}}
	for _, row := range grid.Rows {
		r.take(row)
	}
	for i := range r.entries {
		e := &r.entries[i]
		e.broken = r.broken[e.key()] || !r.balanced(*e)
	}
	if len(r.entries) == 0 && len(r.problems) == 0 {
		r.problems = []*Problem{{File: name, Row: 1, Text: statement.Text{ZH: "表里一行凭证也没有", EN: "the table holds no entry"}}}
	}
	for _, p := range r.problems {
		p.File = name
	}
	return File{name, r.entries, len(r.problems) > 0}, InOrder(r.problems)
}

// InOrder puts problems in the order of their rows, as many as are told at once.
func InOrder(problems []*Problem) []*Problem {
	slices.SortStableFunc(problems, func(a, b *Problem) int { return a.Row - b.Row })
	return problems[:min(len(problems), problemsMax)]
}

type reading struct {
	grid     *statement.Grid
	cols     columns
	entries  []Entry
	of       map[string]int  // entries by month and number
	broken   map[string]bool // of which a row could not be read
	problems []*Problem
	last     struct {
		number string
		date   time.Time
	}
}

func (r *reading) fail(err error) {
	var p *Problem
	if errors.As(err, &p) {
		r.problems = append(r.problems, p)
	}
}

// totals end many exports; they are no postings.
func total(row statement.GridRow, c columns) bool {
	for _, col := range []int{c.entry, c.date, c.memo, c.account, c.accountName} {
		if text := strings.ReplaceAll(row.Text(col), " ", ""); text == "合计" || text == "总计" || text == "本页合计" || strings.EqualFold(text, "total") {
			return true
		}
	}
	return false
}

// take reads one row and puts it to its entry.
func (r *reading) take(row statement.GridRow) {
	if total(row, r.cols) {
		return
	}
	before := len(r.problems)
	if number := row.Text(r.cols.entry); number != "" {
		if number != r.last.number {
			r.last.date = time.Time{}
		}
		r.last.number = number
	}
	if row.Text(r.cols.date) != "" {
		day, err := row.Day(r.cols.date)
		if err != nil {
			r.fail(row.Fail(r.cols.date, "读不懂这个日期：写成 2017-11-03 这样", "this is no date: write it like 2017-11-03"))
		}
		if err == nil && r.cols.entry < 0 && !day.Equal(r.last.date) {
			r.last.number = day.Format(time.DateOnly) // without numbers a day is an entry
		}
		r.last.date = day
	}
	if len(r.problems) == before && r.last.date.IsZero() {
		r.fail(row.Fail(r.cols.date, "这张凭证的第一行要有日期，例如 2017-11-03", "the first row of an entry needs a date, such as 2017-11-03"))
	}
	if r.cols.entry >= 0 && r.last.number == "" {
		r.fail(row.Fail(r.cols.entry, "第一行要有凭证号", "the first row needs the number of its entry"))
	}
	line := Line{Account: row.Text(r.cols.account), Name: row.Text(r.cols.accountName), Fund: row.Text(r.cols.fund), Memo: row.Text(r.cols.memo), row: row}
	if line.Account == "" {
		line.Account, line.Name = line.Name, ""
	}
	if line.Account == "" {
		r.fail(row.Fail(max(r.cols.account, r.cols.accountName), "缺科目：写代码（1002）或名称（银行存款）", "the account is missing: write its code (1002) or its name"))
	}
	line.Amount = r.amount(row)
	if line.Account != "" {
		r.put(row, line)
	}
	if len(r.problems) > before {
		r.broken[Entry{Number: r.last.number, Date: r.last.date}.key()] = true
	}
}

// amount is the row's debit less its credit.
func (r *reading) amount(row statement.GridRow) (a money.Amount) {
	debit, err := row.Amount(r.cols.debit)
	credit, err2 := row.Amount(r.cols.credit)
	for _, broken := range []struct {
		col int
		err error
	}{{r.cols.debit, err}, {r.cols.credit, err2}} {
		if broken.err != nil {
			r.fail(row.Fail(broken.col, "读不懂这个金额：只写数字，最多两位小数，例如 1234.50", "this is no amount: write digits, two after the point at most, such as 1234.50"))
		}
	}
	switch {
	case err != nil || err2 != nil:
	case debit.IsZero() && credit.IsZero():
		r.fail(row.Fail(r.cols.debit, "借方、贷方都是空的：填其中一个，例如 120.00", "debit and credit are both empty: fill in one, such as 120.00"))
	case !debit.IsZero() && !credit.IsZero():
		r.fail(row.Fail(r.cols.credit, "借方、贷方只能填一个；要两个都记，分成两行", "fill in debit or credit, not both; write two rows for both"))
	}
	return debit.Sub(credit)
}

// key tells entries of a file apart: numbers begin again every month.
func (e Entry) key() string { return e.Date.Format("2006-01 ") + e.Number }

// put adds a line to the entry of its number.
func (r *reading) put(row statement.GridRow, line Line) {
	entry := Entry{Number: r.last.number, Date: r.last.date, row: row, cols: r.cols}
	i, ok := r.of[entry.key()]
	if !ok {
		i = len(r.entries)
		r.of[entry.key()] = i
		r.entries = append(r.entries, entry)
	}
	e := &r.entries[i]
	if !e.Date.Equal(r.last.date) {
		r.fail(row.Fail(r.cols.date, "同一张凭证 %s 有两个日期：第 %d 行是 %s", "entry %s has two dates: in row %d it is %s", e.Number, e.Row(), e.Date.Format(time.DateOnly)))
	}
	if e.Memo == "" {
		e.Memo = line.Memo
	}
	e.Lines = append(e.Lines, line)
}

// balanced makes sure that an entry can be posted: two lines, debit equals
// credit, and a memo. Whether every fund agrees by itself, only the books know.
func (r *reading) balanced(e Entry) bool {
	before := len(r.problems)
	if len(e.Lines) < 2 {
		r.fail(e.row.Fail(r.cols.entry, "凭证 %s 只有一行：至少要一借一贷两行", "entry %s has one row: it needs a debit and a credit", e.Number))
		return false
	}
	var whole money.Amount
	for _, l := range e.Lines {
		whole = whole.Add(l.Amount)
	}
	switch last := e.Lines[len(e.Lines)-1].Row(); whole.Sign() {
	case 1:
		r.fail(e.row.Fail(r.cols.entry, "凭证 %s 借贷不平：借方比贷方多 %s（第 %d 到 %d 行）", "entry %s does not balance: the debits are %s more than the credits (rows %d to %d)",
			e.Number, whole.Format(), e.Row(), last))
	case -1:
		r.fail(e.row.Fail(r.cols.entry, "凭证 %s 借贷不平：贷方比借方多 %s（第 %d 到 %d 行）", "entry %s does not balance: the credits are %s more than the debits (rows %d to %d)",
			e.Number, whole.Neg().Format(), e.Row(), last))
	}
	if e.Memo == "" {
		r.fail(e.row.Fail(r.cols.memo, "凭证 %s 没有摘要", "entry %s has no memo", e.Number))
	}
	return len(r.problems) == before
}
