package api

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/export"
	"fund/ledger/report"
	"fund/ledger/transparency"
)

func communities(r *request) (answer, error) {
	all, err := ledger.ListCommunities(r, r.q)
	items := make([]CommunityName, len(all))
	for i, c := range all {
		items[i] = CommunityName{Slug: c.Slug, Name: Text{c.NameZH, c.NameEN}, Data: r.site.URL(Root + "/c/" + url.PathEscape(c.Slug)), Page: r.site.URL("/c/" + url.PathEscape(c.Slug))}
	}
	return pageOf(r, items, func(c CommunityName) string { return c.Slug }), err
}

func oneCommunity(r *request) (answer, error) {
	years, err := ledger.Years(r, r.q, r.ID)
	c := Community{
		Slug: r.Slug, Name: Text{r.NameZH, r.NameEN}, Place: Text{r.PlaceZH, r.PlaceEN}, Address: Text{r.AddressZH, r.AddressEN}, Phone: r.Phone,
		Currency: r.currency(), Standard: r.Standard, Timezone: r.Timezone, Years: []Year{}, Page: r.link(""), LogKey: r.link("/log/key"),
		Journals: Files{
			HLedger: r.link("/data/books.journal"), Beancount: r.link("/data/books.beancount"), CSV: r.link("/data/books.csv"),
			XLSX: r.link("/data/books.xlsx"), JSONLines: r.link("/data/books.jsonl"), Grants: r.link("/data/grants.json"),
		},
	}
	for _, y := range years {
		c.Years = append(c.Years, Year{y.Year, y.Entries})
	}
	return answer{body: c}, err
}

// currency is the currency's code, without the spaces that a char(3) may have.
func (r *request) currency() string { return strings.TrimSpace(r.Currency) }

func accounts(r *request) (answer, error) {
	all, err := ledger.ListAccounts(r, r.q, r.ID)
	items := make([]Account, len(all))
	for i, a := range all {
		items[i] = Account{a.Code, Text{a.NameZH, a.NameEN}, string(a.Type), orNull(string(a.Purpose)), a.ClosedAt != nil}
	}
	return pageOf(r, items, func(a Account) string { return a.Code }), err
}

func (r *request) fundOf(f ledger.Fund) Fund {
	return Fund{f.Code, Text{f.NameZH, f.NameEN}, string(f.Kind), f.Restricted, f.ClosedAt != nil, f.NetAssets, r.link("/funds/" + url.PathEscape(f.Code))}
}

func funds(r *request) (answer, error) {
	all, err := ledger.ListFunds(r, r.q, r.ID)
	items := make([]Fund, len(all))
	for i, f := range all {
		items[i] = r.fundOf(f)
	}
	return pageOf(r, items, func(f Fund) string { return f.Code }), err
}

func oneFund(r *request) (answer, error) {
	f, err := ledger.FindFund(r, r.q, r.ID, r.word("code"))
	return answer{body: r.fundOf(f)}, err
}

// narrowed is the journal's filter as the question has it; ledger.ErrNotFound for a fund or an account that is not there.
func (r *request) narrowed() (f ledger.JournalFilter, err error) {
	f = ledger.JournalFilter{From: r.day("from"), To: r.day("to"), Kind: r.word("kind")}
	if f.Before, err = r.afterNumber(64); err != nil {
		return f, err
	}
	if since := r.day("since"); !since.IsZero() {
		if f.After, err = ledger.SeqAt(r, r.q, r.ID, since); err != nil {
			return f, err
		}
	}
	if above := r.word("above"); above != "" {
		n, _ := strconv.ParseInt(above, 10, 64) // it was read as a number
		f.After = max(f.After, n)
	}
	if code := r.word("fund"); code != "" {
		fund, err := ledger.FindFund(r, r.q, r.ID, code)
		if err != nil {
			return f, err
		}
		f.Fund = fund.ID
	}
	if code := r.word("account"); code != "" {
		chart, err := ledger.ListAccounts(r, r.q, r.ID)
		if err != nil {
			return f, err
		}
		account, ok := chart.Code(code)
		if !ok {
			return f, ledger.ErrNotFound
		}
		f.Accounts = []int{account.ID}
	}
	return f, nil
}

// afterNumber is the key of a list whose keys are numbers of so many bits, 0 on its first page.
func (r *request) afterNumber(bits int) (int64, error) {
	if r.word("after") == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(r.word("after"), 10, bits)
	if err != nil || n < 1 {
		return 0, ledger.ErrNotFound
	}
	return n, nil
}

func entries(r *request) (answer, error) {
	f, err := r.narrowed()
	if err != nil {
		return answer{}, err
	}
	read, err := ledger.Journal(r, r.q, r.ID, f, r.limit+1)
	if err != nil {
		return answer{}, err
	}
	more := len(read) > r.limit
	read = read[:min(len(read), r.limit)]
	items, changed, err := r.entriesOf(read)
	found := answer{body: &List[Entry]{Items: items}, changed: changed}
	if more {
		found.after = strconv.FormatInt(read[len(read)-1].Seq, 10)
	}
	return found, err
}

func oneEntry(r *request) (answer, error) {
	year, number, ok := ledger.ParseSerial(r.word("voucher"))
	if !ok {
		return answer{}, ledger.ErrNotFound
	}
	e, err := ledger.FindEntry(r, r.q, r.ID, year, number)
	if err != nil {
		return answer{}, err
	}
	items, changed, err := r.entriesOf([]ledger.JournalEntry{e})
	if err != nil {
		return answer{}, err
	}
	return answer{body: items[0], changed: changed}, nil
}

// entriesOf adds to entries their postings and their papers, and says when the newest of it came.
func (r *request) entriesOf(read []ledger.JournalEntry) (items []Entry, changed time.Time, err error) {
	seqs := make([]int64, len(read))
	for i, e := range read {
		seqs[i] = e.Seq
	}
	lines, err := ledger.LinesOf(r, r.q, r.ID, seqs...)
	if err != nil {
		return nil, changed, err
	}
	papers, err := campaigns.EvidenceOf(r, r.q, r.ID, seqs...)
	if err != nil {
		return nil, changed, err
	}
	items = make([]Entry, len(read))
	for i, e := range read {
		items[i] = r.entryOf(e, lines[e.Seq], papers[e.Seq])
		changed = later(changed, e.PostedAt)
		for _, p := range papers[e.Seq] {
			changed = later(changed, p.AddedAt)
		}
	}
	return items, changed, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func (r *request) entryOf(e ledger.JournalEntry, lines []ledger.Line, papers []campaigns.Evidence) Entry {
	at := r.link("/ledger/" + e.Voucher())
	out := Entry{
		ID: e.Voucher(), Seq: e.Seq, LogIndex: e.Seq - 1, Date: dated(e.Date), PostedAt: e.PostedAt.UTC(), Kind: e.Kind, Source: e.Source, Memo: e.Memo, Detail: e.Detail,
		PostedBy: e.PostedBy, Reverses: orNull(e.Reverses), ReversedBy: orNull(e.ReversedBy), Commitment: orNull(hex.EncodeToString(e.Commitment)),
		Income: e.Income, Expense: e.Expense, NetAssets: e.NetAfter, Postings: make([]Posting, len(lines)), Evidence: make([]Evidence, len(papers)), Page: at, Proof: at + "/proof.txt",
	}
	for i, l := range lines {
		out.Postings[i] = Posting{l.Line, l.AccountCode, l.FundCode, l.Amount}
	}
	for i, p := range papers {
		out.Evidence[i] = Evidence{p.Paper, p.Caption, r.link("/pictures/" + p.PictureID.String()), p.Width, p.Height, p.AddedAt.UTC()}
	}
	return out
}

func oneStatement(r *request) (answer, error) {
	table, err := report.Draw(r, r.q, r.Community, report.ParseAsk(r.word("name"), r.word, r.Day(r.now)))
	if err != nil {
		return answer{}, err
	}
	doc := export.TableOf(table, r.now)
	found := answer{body: &Statement{doc}}
	if table.Next != nil {
		found.after = table.Next.After
	}
	return found, nil
}

// Statement is a statement of account; Next is the address of the rest of a long one.
type Statement struct{ export.TableDoc }

func (s *Statement) goOn(next string) { s.Next = next }

func checkpoints(r *request) (answer, error) {
	last, err := r.afterNumber(32)
	if err != nil {
		return answer{}, err
	}
	read, err := transparency.Before(r, r.q, r.ID, int(last), r.limit+1)
	items := make([]Checkpoint, len(read))
	for i, c := range read {
		items[i] = checkpointOf(c)
	}
	found := listed(r, items, func(c Checkpoint) string { return fmt.Sprint(c.Number) })
	if len(read) > 0 {
		found.changed = read[0].At
	}
	return found, err
}

func oneCheckpoint(r *request) (answer, error) {
	n, _ := strconv.Atoi(r.word("number")) // it was read as a number
	c, err := transparency.Numbered(r, r.q, r.ID, n)
	return answer{body: checkpointOf(c), changed: c.At}, err
}

func checkpointOf(c transparency.Checkpoint) Checkpoint {
	out := Checkpoint{Number: c.Number, Size: c.Size, Root: base64.StdEncoding.EncodeToString(c.Root[:]), Papers: c.Papers, SealedAt: c.At.UTC(), Note: c.Note}
	if c.Papers > 0 {
		out.PapersRoot = orNull(base64.StdEncoding.EncodeToString(c.PapersRoot[:]))
	}
	return out
}
