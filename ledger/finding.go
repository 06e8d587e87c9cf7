package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fund/ledger/money"
	"fund/ledger/transparency"
)

// FindingCode says in one word what Check found; it never changes its meaning.
type FindingCode string

// What Check finds, the most telling first: a finding with several codes keeps
// the first of them.
const (
	EntryMissing      FindingCode = "entry_missing"      // an entry was deleted
	EntryMoved        FindingCode = "entry_moved"        // two entries changed places
	EntryBackdated    FindingCode = "entry_backdated"    // its date was changed after posting
	EntryChanged      FindingCode = "entry_changed"      // it is not the entry that was logged
	EntryUnbalanced   FindingCode = "entry_unbalanced"   // its postings do not sum to zero in a fund
	EntryIncomplete   FindingCode = "entry_incomplete"   // postings are missing or too many
	EntryDates        FindingCode = "entry_dates"        // its postings or its number carry another date
	EntryTotals       FindingCode = "entry_totals"       // its income, expense or net assets are not its postings'
	EntryClosedMonth  FindingCode = "entry_closed_month" // it was posted into a month that was closed already
	EntryUnlogged     FindingCode = "entry_unlogged"     // it has no leaf in the log
	LogChanged        FindingCode = "log_changed"        // its leaf was changed after it was sealed
	LogDiffers        FindingCode = "log_differs"        // a range of entries does not lead to the signed root
	NumberGap         FindingCode = "number_gap"         // voucher numbers are missing
	AccountBalance    FindingCode = "account_balance"    // a balance is not the sum of its postings
	FundBalance       FindingCode = "fund_balance"       // a fund's balance is not the sum of its postings
	FundOverspent     FindingCode = "fund_overspent"     // a restricted fund is below zero
	MonthTally        FindingCode = "month_tally"        // a month's count of entries is wrong
	YearEndMoved      FindingCode = "year_end"           // what closing a year moved is not the sum of its postings
	BookTotals        FindingCode = "book_totals"        // the book's last number or net assets are wrong
	CheckpointInvalid FindingCode = "checkpoint_invalid" // signature or figures of a checkpoint
	CheckpointMissing FindingCode = "checkpoint_missing" // a checkpoint was removed
	PapersDiffer      FindingCode = "papers_differ"      // the list of papers is not the one that was signed
)

var findingOrder = []FindingCode{
	EntryMissing, EntryMoved, EntryBackdated, EntryChanged, EntryUnbalanced, EntryIncomplete, EntryDates, EntryTotals, EntryClosedMonth,
	EntryUnlogged, LogChanged, LogDiffers, NumberGap, AccountBalance, FundBalance, FundOverspent, MonthTally, YearEndMoved, BookTotals, CheckpointInvalid, CheckpointMissing, PapersDiffer,
}

// Finding is one thing that is wrong with the books, and what follows from it.
type Finding struct {
	Code    FindingCode
	Seq     int64  // of the entry concerned, or the first of a range; 0 for none
	Voucher string // its number `2026-12`, or a range `2026-12–2026-15`; empty for none
	clauses []clause
}

type clause struct {
	code   FindingCode
	zh, en string
}

// rollupKey names a row of a rollup, so that a wrong one is told with the entry that touches it.
type rollupKey struct {
	rollup        FindingCode
	account, fund int
	month         string // `2026-11`
}

// Text is the finding in a sentence, in the reader's language ("en", else Chinese).
func (f Finding) Text(lang string) string {
	head, between, stop := "", "；", "。"
	if f.Voucher != "" {
		head = "凭证 " + f.Voucher + "："
	}
	if lang == "en" {
		between, stop = "; ", "."
		if f.Voucher != "" {
			head = "Voucher " + f.Voucher + ": "
		}
	}
	var parts []string
	for _, c := range f.clauses {
		parts = append(parts, inLanguage(lang, c.zh, c.en))
	}
	return head + strings.Join(parts, between) + stop
}

func (f Finding) String() string { return string(f.Code) + " " + f.Text("en") }

// findings collects clauses: those about one entry become one finding.
type findings struct {
	bySeq    map[int64]*Finding
	general  []*Finding
	touching map[rollupKey]int64 // the first faulty entry that touches a rollup
}

// at adds a clause about an entry.
func (fs *findings) at(seq int64, voucher string, code FindingCode, zh, en string) {
	f := fs.bySeq[seq]
	if f == nil {
		f = &Finding{Seq: seq, Voucher: voucher}
		fs.bySeq[seq] = f
	}
	f.clauses = append(f.clauses, clause{code: code, zh: zh, en: en})
}

// touch remembers which rollups a faulty entry belongs to.
func (fs *findings) touch(seq int64, keys ...rollupKey) {
	for _, k := range keys {
		if _, taken := fs.touching[k]; !taken {
			fs.touching[k] = seq
		}
	}
}

// rollup adds a clause about a rollup: as a consequence of the faulty entry
// that touches it, or of the only faulty entry there is, else on its own.
func (fs *findings) rollup(key rollupKey, code FindingCode, zh, en string) {
	seq, found := fs.touching[key]
	if !found && len(fs.bySeq) == 1 {
		for seq = range fs.bySeq {
			found = true
		}
	}
	if found && fs.bySeq[seq] != nil {
		fs.at(seq, "", code, zh, en)
		return
	}
	fs.general = append(fs.general, &Finding{clauses: []clause{{code: code, zh: zh, en: en}}})
}

// sorted gives the findings by entry, then those about no entry, each clause once.
func (fs *findings) sorted() []Finding {
	var all []Finding
	for _, f := range fs.bySeq {
		all = append(all, *f)
	}
	slices.SortFunc(all, func(a, b Finding) int { return cmp.Compare(a.Seq, b.Seq) })
	for _, f := range fs.general {
		all = append(all, *f)
	}
	for i, f := range all {
		slices.SortStableFunc(f.clauses, func(a, b clause) int {
			return cmp.Compare(slices.Index(findingOrder, a.code), slices.Index(findingOrder, b.code))
		})
		all[i].clauses = slices.CompactFunc(f.clauses, func(a, b clause) bool { return a.zh == b.zh })
		all[i].Code = f.clauses[0].code
	}
	return all
}

// flaw adds what the audit of the log found. voucher names a Seq.
func (fs *findings) flaw(f transparency.Flaw, voucher func(int64) string) {
	if f.Tree == transparency.Papers {
		fs.papers(f)
		return
	}
	seq, name := f.First+1, voucher(f.First+1)
	if f.Last > f.First {
		name += "–" + voucher(f.Last+1)
	}
	range_ := func(code FindingCode, zh, en string) {
		if told := fs.within(seq, f.Last+1); told != nil && code == LogDiffers {
			told.clauses = append(told.clauses, clause{code: code, zh: zh, en: en})
			return
		}
		fs.general = append(fs.general, &Finding{Seq: seq, Voucher: name, clauses: []clause{{code: code, zh: zh, en: en}}})
	}
	switch f.Kind {
	case transparency.LeafMissing:
		fs.at(seq, name, EntryUnlogged, "账目日志中没有它的记录", "the log has no leaf for it")
	case transparency.LeafChanged:
		fs.at(seq, name, LogChanged, "它在账目日志中的记录在封存后被改动过", "its leaf in the log was changed after it was sealed")
	case transparency.TreeChanged:
		fs.at(seq, name, LogChanged, "账目日志的哈希树在这里被改动过", "the tree of hashes was changed here")
	case transparency.RootDiffers:
		range_(LogDiffers, fmt.Sprintf("这个范围内有凭证在第 %d 号账目快照签名之后被改动过", f.Checkpoint),
			fmt.Sprintf("an entry in this range was changed after checkpoint %d was signed", f.Checkpoint))
	case transparency.LogTooShort:
		range_(LogDiffers, fmt.Sprintf("第 %d 号账目快照签过的凭证不见了", f.Checkpoint),
			fmt.Sprintf("checkpoint %d was signed over entries that are gone", f.Checkpoint))
	case transparency.SignatureBad:
		range_(CheckpointInvalid, fmt.Sprintf("第 %d 号账目快照的签名不是本机构的", f.Checkpoint),
			fmt.Sprintf("the signature of checkpoint %d is not by this key", f.Checkpoint))
	case transparency.FiguresChanged:
		range_(CheckpointInvalid, fmt.Sprintf("第 %d 号账目快照存下的数字与签名的数字不同", f.Checkpoint),
			fmt.Sprintf("the stored figures of checkpoint %d are not the signed ones", f.Checkpoint))
	case transparency.CheckpointMissing:
		range_(CheckpointMissing, fmt.Sprintf("第 %d 号账目快照不见了", f.Checkpoint),
			fmt.Sprintf("checkpoint %d was removed", f.Checkpoint))
	}
}

// papers adds what the audit found in the papers' tree.
func (fs *findings) papers(f transparency.Flaw) {
	which := fmt.Sprintf("%d", f.First+1)
	if f.Last > f.First {
		which += fmt.Sprintf("–%d", f.Last+1)
	}
	c := clause{PapersDiffer, "第 " + which + " 号票据的登记在封存后被改动过", "the record of paper " + which + " was changed after it was sealed"}
	switch f.Kind {
	case transparency.LeafMissing, transparency.LogTooShort:
		c.zh, c.en = "第 "+which+" 号票据的登记不见了", "the record of paper "+which+" is gone"
	case transparency.CheckpointMissing:
		c.zh, c.en = fmt.Sprintf("封存过第 %s 号票据的账目快照（%d）不见了", which, f.Checkpoint), fmt.Sprintf("checkpoint %d, which sealed paper %s, was removed", f.Checkpoint, which)
	case transparency.RootDiffers:
		c.zh, c.en = fmt.Sprintf("第 %s 号票据里，有的在第 %d 号账目快照签名之后被改动过", which, f.Checkpoint), fmt.Sprintf("a paper of %s was changed after checkpoint %d was signed", which, f.Checkpoint)
	}
	fs.general = append(fs.general, &Finding{clauses: []clause{c}})
}

// within finds an entry's finding in a range of Seqs, or nil.
func (fs *findings) within(first, last int64) *Finding {
	for seq, f := range fs.bySeq {
		if first <= seq && seq <= last {
			return f
		}
	}
	return nil
}

// differs words two amounts that ought to be equal.
func differs(stored, summed money.Amount) (zh, en string) {
	return fmt.Sprintf("存的是 %s，按分录算是 %s", stored.Format(), summed.Format()),
		fmt.Sprintf("%s stored, %s by the postings", stored.Format(), summed.Format())
}
