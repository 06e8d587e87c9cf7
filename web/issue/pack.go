package issue

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/audit"
	"fund/ledger/export"
	"fund/ledger/reconcile"
	"fund/ledger/report"
	"fund/ledger/transparency"
	"fund/web/i18n"
	"fund/web/pdf"
)

// AuditPack is an auditor's pack of a year.
type AuditPack struct {
	Year      int
	Originals bool              // with the papers as they came, not only as the public sees them; whether that may be is the caller's care
	PublicKey string            // of the log
	People    map[string]string // what the staff are called, by the mark under which they stand in the books
}

// Write writes the pack as it goes, from one moment of the books: q is a REPEATABLE READ transaction. transparency.ErrNotSealed
// where no checkpoint covers the last entries yet.
func (a AuditPack) Write(ctx context.Context, w io.Writer, q sqlx.QueryerContext, c ledger.Community) error {
	sealed, err := transparency.Latest(ctx, q, c.ID)
	if err != nil {
		return err
	}
	stand, err := ledger.Stand(ctx, q, c.ID)
	if err != nil {
		return err
	}
	if stand.LastSeq > sealed.Size {
		return transparency.ErrNotSealed
	}
	p := packing{audit.NewPack(w, audit.Scope{Community: c, Year: a.Year, Sealed: sealed}), a, ctx, q}
	for _, add := range []func() error{p.readMe, p.books, p.statements, p.reconciliations, p.papers, p.donors, p.people, p.Close} {
		if err := add(); err != nil {
			return err
		}
	}
	return nil
}

// packing is a pack being written.
type packing struct {
	*audit.Pack
	AuditPack
	ctx context.Context
	q   sqlx.QueryerContext
}

func (p packing) readMe() error {
	return p.AddText("README.txt", fmt.Sprintf(packReadMe, p.Community.NameZH, p.Pack.Year, p.At().Format(time.DateOnly), p.Sealed.Number, p.Sealed.Size,
		p.Community.Name("en"), p.Pack.Year, p.At().Format(time.DateOnly), p.Sealed.Number, p.Sealed.Size))
}

func (p packing) books() error { return p.Books(p.ctx, p.q, p.PublicKey) }

// statements adds the statements on paper, in both languages.
func (p packing) statements() error {
	tables, err := p.Statements(p.ctx, p.q)
	if err != nil {
		return err
	}
	for _, lang := range i18n.Langs {
		for _, t := range tables {
			if err := p.paper("statements/"+short(lang)+"/"+t.Key+".pdf", t, lang); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p packing) paper(name string, t report.Table, lang i18n.Lang) error {
	return p.Add(name, func(w io.Writer) error {
		return pdf.Statement(w, pdf.StatementDoc{Lang: string(lang), Table: t, Made: p.At()})
	})
}

// short is a language as a folder is called.
func short(lang i18n.Lang) string {
	if lang == i18n.English {
		return "en"
	}
	return "zh"
}

// reconciliations adds the bank reconciliations that were completed for days of the year, those taken back too.
func (p packing) reconciliations() error {
	accounts, err := reconcile.ListStandings(p.ctx, p.q, p.Community.ID)
	if err != nil {
		return err
	}
	for _, account := range accounts {
		done, err := reconcile.ListReconciliations(p.ctx, p.q, p.Community.ID, account.ID)
		if err != nil {
			return err
		}
		slices.SortFunc(done, func(a, b reconcile.Reconciliation) int { return cmp.Compare(a.ID, b.ID) })
		for _, r := range done {
			if r.Through.Year() != p.Pack.Year {
				continue
			}
			doc, err := Reconciled(p.ctx, p.q, p.Community, account.Account, r, i18n.Chinese, p.name)
			if err != nil {
				return err
			}
			name := fmt.Sprintf("reconciliations/%s-%s-%d.pdf", account.Code, r.Through.Format(time.DateOnly), r.ID)
			if err := p.Add(name, func(w io.Writer) error { return pdf.Reconciliation(w, doc) }); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p packing) name(who string) string { return cmp.Or(p.People[who], who) }

// papers adds the whole signed list of papers, and of the year's entries the papers themselves.
func (p packing) papers() error {
	var all []campaigns.Paper
	taken := map[uuid.UUID]bool{}
	err := p.Add("papers/records.txt", func(w io.Writer) error {
		return campaigns.WalkPapers(p.ctx, p.q, p.Community.ID, func(paper campaigns.Paper) error {
			if paper.Withdrawn() {
				taken[paper.FileID] = true
			}
			all = append(all, paper)
			_, err := fmt.Fprintf(w, "%s\n", paper.Record(p.Community.Slug))
			return err
		})
	})
	if err != nil {
		return err
	}
	vouchers, err := p.vouchersOf(all)
	if err != nil {
		return err
	}
	year := strconv.Itoa(p.Pack.Year) + "-"
	all = slices.DeleteFunc(all, func(paper campaigns.Paper) bool {
		return len(vouchers[paper.EntrySeq]) < 5 || vouchers[paper.EntrySeq][:5] != year
	})
	headings := []string{"凭证号 voucher", "编号 number", "什么 what", "文件 file", "SHA-256", "经手 added by", "时间 at"}
	err = p.Table("papers/list.csv", headings, func(row audit.Row) error {
		for _, paper := range all {
			file := p.file(paper, taken)
			if err := row(vouchers[paper.EntrySeq], strconv.FormatInt(paper.Number, 10), paper.What, file, hex.EncodeToString(paper.Digest), p.name(paper.AddedBy), paper.AddedAt.UTC().Format(time.RFC3339)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	added := map[string]bool{}
	for _, paper := range all {
		name := p.file(paper, taken)
		if name == "" || added[name] {
			continue
		}
		added[name] = true
		bytes, err := p.bytes(paper)
		if err != nil {
			return err
		}
		if err := p.AddText(name, string(bytes)); err != nil {
			return err
		}
	}
	return nil
}

func (p packing) vouchersOf(papers []campaigns.Paper) (map[int64]string, error) {
	seqs := map[int64]bool{}
	for _, paper := range papers {
		seqs[paper.EntrySeq] = true
	}
	return reconcile.Vouchers(p.ctx, p.q, p.Community.ID, slices.Sorted(maps.Keys(seqs)))
}

// file is where a paper stands in the pack; empty where it does not: it was taken away, or is an original and those are not asked for.
func (p packing) file(paper campaigns.Paper, taken map[uuid.UUID]bool) string {
	ending := map[string]string{campaigns.MediaJPEG: ".jpg", campaigns.MediaPDF: ".pdf"}[paper.Media]
	switch {
	case taken[paper.FileID] || paper.Withdrawn():
		return ""
	case paper.Shown():
		return "papers/public/" + paper.FileID.String() + ending
	case p.Originals:
		return "papers/originals/" + paper.FileID.String() + ending
	}
	return ""
}

func (p packing) bytes(paper campaigns.Paper) ([]byte, error) {
	if paper.Shown() {
		picture, err := campaigns.FindPicture(p.ctx, p.q, p.Community.ID, paper.FileID)
		return picture.JPEG, err
	}
	original, err := campaigns.FindOriginal(p.ctx, p.q, p.Community.ID, paper.FileID)
	return original.Bytes, err
}

// donors adds what donors gave, their names hidden.
func (p packing) donors() error {
	for _, by := range []string{report.ByDonor, report.ByCampaign, report.ByWay, report.ByGift} {
		t, err := DonorIncome(p.ctx, p.q, p.Community, report.Ask{From: p.From(), To: p.To(), By: by, Hidden: true, Whole: true})
		if err != nil {
			return err
		}
		name := "donors/by-" + by
		if err := p.Add(name+".xlsx", func(w io.Writer) error { return export.TableXLSX(w, t, "zh-CN", p.At()) }); err != nil {
			return err
		}
		if err := p.paper(name+".pdf", t, i18n.Chinese); err != nil {
			return err
		}
	}
	return nil
}

// people tells who the marks in the books are.
func (p packing) people() error {
	return p.Table("people.csv", []string{"账上的记号 mark in the books", "姓名 name"}, func(row audit.Row) error {
		for _, mark := range slices.Sorted(maps.Keys(p.People)) {
			if err := row(mark, p.People[mark]); err != nil {
				return err
			}
		}
		return nil
	})
}

const packReadMe = `%s · %d 年 · 审计包
打包时的账：%s，第 %d 号账目快照，共 %d 笔凭证。

statements/       报表：资产负债表、业务活动表、现金流量表、基金变动表、科目余额表、预算执行表、账龄表
                  （zh/ en/ 是 PDF，旁边是 XLSX 和 JSON）
journal/          全部凭证，从第一笔起：general-ledger.xlsx 总账，postings.csv 分录，vouchers.csv 本年凭证清单，
                  ledger.journal（hledger）、ledger.beancount（beancount）、journal.jsonl（逐笔，可重新算出日志）
reconciliations/  银行存款余额调节表
papers/           票据：list.csv 本年清单和摘要，public/ 是公开的、已遮盖姓名的照片；records.txt 是全部票据的签名清单
                  （要原件：打包时加 --originals，原件里有个人信息）
donors/           捐赠收入明细，姓名只留第一个字
months/           每月怎么结的账、留下什么没做完、为什么；谁申请、谁同意重新开账
log/              账目日志：leaves.txt 每笔的指纹，checkpoints.jsonl 全部签名快照，log.pub 公钥，
                  last-entry-….txt 本年最后一笔的证明，year-….txt 到 newest.txt 之间没有改写过去的证明
people.csv        账上的记号是谁
SHA256SUMS        每个文件的摘要

怎么核对
1. 文件没有换过：sha256sum --check SHA256SUMS
2. 全部一起查（只要这个包和公钥，不用数据库、不用网络）：
     fund verify pack 这个文件.zip --key log.pub
   它重算每一笔的指纹和每一号快照的根，核对签名、借贷、票据和余额。
   公钥请从别处再要一份（网站的核验页、公示的报告），和 log/log.pub 比一比：同一把钥匙才算数。
3. 一笔一笔地查：fund verify receipt log/last-entry-….txt --key log.pub
   没有改写过去：fund verify checkpoints log/year-….txt log/newest.txt --proof log/year-to-newest.txt --key log.pub
4. 用别的程序重算：hledger -f journal/ledger.journal balance；bean-check journal/ledger.beancount

────────────────────────────────────────────────────────────────────────

%s · %d · the auditor's pack
The books as packed: %s, checkpoint no. %d, %d entries.

statements/       balance sheet, activity, cash flow, funds, trial balance, budget, ageing
                  (zh/ and en/ are PDF; beside them XLSX and JSON)
journal/          every entry from the first: general-ledger.xlsx, postings.csv, vouchers.csv (this year's list),
                  ledger.journal (hledger), ledger.beancount, journal.jsonl (an entry a line; the log can be made from it)
reconciliations/  bank reconciliation statements
papers/           list.csv: this year's papers with digests; public/: photographs with names covered; records.txt: the signed
                  list of all papers (for originals pack with --originals; they hold personal data)
donors/           what donors gave; of names only the first letter
months/           how each month was closed, what was left open and why; who asked for and who agreed to open months again
log/              leaves.txt: every entry's hash; checkpoints.jsonl: every signed checkpoint; log.pub: the public key;
                  last-entry-….txt: proof of the year's last entry; year-….txt to newest.txt: proof that nothing was rewritten
people.csv        who the marks in the books are
SHA256SUMS        the digest of every file

How to check
1. No file was swapped:  sha256sum --check SHA256SUMS
2. All of it at once, with this pack and the key alone, no database and no network:
     fund verify pack THIS.zip --key log.pub
   It makes every entry's hash and every checkpoint's root again, and checks signatures, balances, papers and figures.
   Get the public key once more from somewhere else (the verification page, a printed report) and compare it with log/log.pub.
3. One by one:  fund verify receipt log/last-entry-….txt --key log.pub
   Nothing rewritten:  fund verify checkpoints log/year-….txt log/newest.txt --proof log/year-to-newest.txt --key log.pub
4. With other programs:  hledger -f journal/ledger.journal balance;  bean-check journal/ledger.beancount
`
