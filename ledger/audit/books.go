package audit

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/tlog"

	"fund/ledger"
	"fund/ledger/export"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/ledger/transparency"
)

// The files that Verify reads.
const (
	journalName     = "journal/journal.jsonl"
	leavesName      = "log/leaves.txt"
	checkpointsName = "log/checkpoints.jsonl"
	trialName       = "statements/trial-balance.json"
	papersName      = "papers/records.txt"
)

// Books adds what the books are: the journal, the statements as figures, how months were closed and opened again, and the
// signed log with the public key that checks it.
func (p *Pack) Books(ctx context.Context, q sqlx.QueryerContext, publicKey string) error {
	for _, add := range []func(context.Context, sqlx.QueryerContext) error{p.journal, p.vouchers, p.statements, p.months, p.log} {
		if err := add(ctx, q); err != nil {
			return err
		}
	}
	return p.AddText("log/log.pub", strings.TrimSpace(publicKey)+"\n")
}

// journal adds the whole book, not the year alone: the log proves it as a whole.
func (p *Pack) journal(ctx context.Context, q sqlx.QueryerContext) error {
	for _, f := range []struct {
		name  string
		write func(w io.Writer) error
	}{
		{journalName, func(w io.Writer) error { return export.JSONLines(ctx, w, q, p.Community) }},
		{"journal/ledger.journal", func(w io.Writer) error { return export.HLedger(ctx, w, q, p.Community) }},
		{"journal/ledger.beancount", func(w io.Writer) error { return export.Beancount(ctx, w, q, p.Community) }},
		{"journal/postings.csv", func(w io.Writer) error { return export.Postings(ctx, w, q, p.Community, "zh-CN") }},
		{"journal/general-ledger.xlsx", func(w io.Writer) error { return export.XLSX(ctx, w, q, p.Community, "zh-CN") }},
	} {
		if err := p.Add(f.name, f.write); err != nil {
			return err
		}
	}
	return nil
}

// Statements are the statements of the pack's year, in order: all that need no account to be chosen.
func (p *Pack) Statements(ctx context.Context, q sqlx.QueryerContext) ([]report.Table, error) {
	if p.tables != nil {
		return p.tables, nil
	}
	var tables []report.Table
	for _, s := range report.Statements() {
		if s.Key == "ledger-card" {
			continue // the general ledger has every posting of every account
		}
		t, err := report.Draw(ctx, q, p.Community, report.Ask{Name: s.Key, From: p.From(), To: p.To(), Whole: true})
		if err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	p.tables = tables
	return tables, nil
}

func (p *Pack) statements(ctx context.Context, q sqlx.QueryerContext) error {
	tables, err := p.Statements(ctx, q)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := p.Add("statements/"+t.Key+".xlsx", func(w io.Writer) error { return export.TableXLSX(w, t, "zh-CN", p.At()) }); err != nil {
			return err
		}
		if err := p.Add("statements/"+t.Key+".json", func(w io.Writer) error { return export.TableJSON(w, t, p.At()) }); err != nil {
			return err
		}
	}
	return nil
}

// vouchers lists the year's entries by number, one a line.
func (p *Pack) vouchers(ctx context.Context, q sqlx.QueryerContext) error {
	headings := []string{"凭证号 voucher", "日期 date", "摘要 memo", "说明 detail", "类别 kind", "来源 source", "金额 amount", "分录 postings", "冲销序号 reverses", "经手 posted by", "过账时间 posted at", "序号 seq"}
	return p.Table("journal/vouchers.csv", headings, func(row Row) error {
		return ledger.Walk(ctx, q, p.Community.ID, func(e ledger.JournalEntry, lines []ledger.Line) error {
			if e.Year != p.Year {
				return nil
			}
			var debits money.Amount
			for _, l := range lines {
				if l.Amount.Sign() > 0 {
					debits = debits.Add(l.Amount)
				}
			}
			reverses := ""
			if e.Reverses != 0 {
				reverses = strconv.FormatInt(e.Reverses, 10)
			}
			return row(e.Voucher(), e.Date.Format(time.DateOnly), e.Memo, e.Detail, e.Kind, e.Source, debits.String(), strconv.Itoa(len(lines)),
				reverses, e.PostedBy, moment(&e.PostedAt), strconv.FormatInt(e.Seq, 10))
		})
	})
}

// months tells how the year's months were closed, what was left open with a reason, and who had months opened again.
func (p *Pack) months(ctx context.Context, q sqlx.QueryerContext) error {
	closings, err := ledger.ListClosings(ctx, q, p.Community.ID, p.From(), p.To())
	if err != nil {
		return err
	}
	reopenings, err := ledger.ListReopenings(ctx, q, p.Community.ID)
	if err != nil {
		return err
	}
	slices.Reverse(closings)
	slices.Reverse(reopenings)
	headings := []string{"月份 month", "第几次 time", "结账人 closed by", "时间 at", "没做完的 left open", "原因 why"}
	err = p.Table("months/closings.csv", headings, func(row Row) error {
		for _, c := range closings {
			left := c.Waived()
			if len(left) == 0 {
				left = []ledger.CloseItem{{}} // closed with nothing left
			}
			for _, item := range left {
				if err := row(c.Month.Format("2006-01"), strconv.Itoa(c.Number), c.ClosedBy, moment(&c.ClosedAt), item.Key(), item.Why); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	headings = []string{"月份 month", "说明 note", "申请人 asked by", "角色 role", "申请时间 asked at", "同意人 agreed by", "角色 role", "同意时间 agreed at"}
	return p.Table("months/reopenings.csv", headings, func(row Row) error {
		for _, r := range reopenings {
			if err := row(r.Month.Format("2006-01"), r.Note, r.AskedBy, r.AskedRole, moment(&r.AskedAt), r.AgreedBy, r.AgreedRole, moment(r.AgreedAt)); err != nil {
				return err
			}
		}
		return nil
	})
}

func moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// keptCheckpoint is a line of the list of checkpoints.
type keptCheckpoint struct {
	Number int       `json:"number"`
	At     time.Time `json:"at"`
	Note   string    `json:"note"` // the signed text
}

// log adds the leaves, every checkpoint, and two proofs that can be checked one by one: of the year's last entry, and that
// the newest log begins with the one that first held it.
func (p *Pack) log(ctx context.Context, q sqlx.QueryerContext) error {
	err := p.Add(leavesName, func(w io.Writer) error {
		return transparency.WalkLeaves(ctx, q, p.Community.ID, transparency.Entries, func(leaf tlog.Hash) error {
			_, err := io.WriteString(w, hex.EncodeToString(leaf[:])+"\n")
			return err
		})
	})
	if err != nil {
		return err
	}
	all, err := transparency.All(ctx, q, p.Community.ID)
	if err != nil {
		return err
	}
	err = p.Add(checkpointsName, func(w io.Writer) error {
		lines := json.NewEncoder(w)
		lines.SetEscapeHTML(false)
		for _, c := range all {
			if err := lines.Encode(keptCheckpoint{c.Number, c.At.UTC(), c.Note}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.proofs(ctx, q)
}

func (p *Pack) proofs(ctx context.Context, q sqlx.QueryerContext) error {
	if err := p.AddText("log/newest.txt", p.Sealed.Note); err != nil {
		return err
	}
	last, err := ledger.Journal(ctx, q, p.Community.ID, ledger.JournalFilter{Year: p.Year}, 1)
	if err != nil || len(last) == 0 {
		return err
	}
	proof, err := ledger.Prove(ctx, q, p.Community, last[0].Seq)
	if err != nil {
		return err
	}
	if err := p.AddText("log/last-entry-"+last[0].Voucher()+".txt", string(proof.Record)+proof.Proof.Text()); err != nil {
		return err
	}
	first, err := transparency.Covering(ctx, q, p.Community.ID, last[0].Seq-1)
	if errors.Is(err, transparency.ErrNoneSealed) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := p.AddText(fmt.Sprintf("log/year-%d.txt", p.Year), first.Note); err != nil {
		return err
	}
	var between strings.Builder
	for _, tree := range []transparency.Tree{transparency.Entries, transparency.Papers} {
		path, err := tree.ProveExtends(ctx, q, p.Community.ID, first, p.Sealed)
		if err != nil {
			return err
		}
		if tree == transparency.Papers {
			between.WriteString("\n")
		}
		for _, hash := range path {
			between.WriteString(hash.String() + "\n")
		}
	}
	return p.AddText("log/year-to-newest.txt", between.String())
}
