package audit

import (
	"archive/zip"
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"fund/ledger"
	"fund/ledger/export"
	"fund/ledger/money"
	"fund/ledger/transparency"
)

// ErrNotPack is returned for a file that is no auditor's pack.
var ErrNotPack = errors.New("audit: the file is not an auditor's pack")

// Flaw is what is wrong with a pack, in both languages.
type Flaw struct{ ZH, EN string }

// Error is the flaw in English.
func (f *Flaw) Error() string { return "audit: " + f.EN }

func flaw(en, zh string, of ...any) error {
	return &Flaw{EN: fmt.Sprintf(en, of...), ZH: fmt.Sprintf(zh, of...)}
}

// Verified is what a sound pack holds.
type Verified struct {
	Community   string // its slug
	Files       int
	Entries     int64
	Checkpoints int
	Papers      int64     // lines of the list of papers
	Sealed      time.Time // when the newest checkpoint was signed, as the pack says
}

// Verify checks a pack with nothing but a public key: every file has the digest that is listed; the journal's entries
// balance, have no gap and make, leaf for leaf, the trees that every checkpoint signed; the papers' list does so too and each
// paper is the one that was listed; what stands on every account follows from the journal. A *Flaw for the first thing that
// is wrong, ErrNotPack.
func Verify(r *zip.Reader, by note.Verifier) (v Verified, err error) {
	c := checker{zip: r, by: by, sums: map[string]string{}}
	for _, step := range []func() error{c.digests, c.signatures, c.papers, c.journal, c.balances} {
		if err := step(); err != nil {
			return c.told, err
		}
	}
	return c.told, nil
}

// checker is a pack being checked.
type checker struct {
	zip         *zip.Reader
	by          note.Verifier
	sums        map[string]string // hex digests by name
	checkpoints []transparency.Checkpoint
	accounts    []export.Account
	stands      map[string]money.Amount // on each account at the end of to, by its code
	to          time.Time               // the last day of the statements
	told        Verified
}

// lines reads a file of the pack line by line.
func (c *checker) lines(name string, visit func(line string) error) error {
	file, err := c.zip.Open(name)
	if err != nil {
		return ErrNotPack
	}
	defer file.Close()
	lines := bufio.NewReaderSize(file, 1<<16)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			if err := visit(strings.TrimSuffix(line, "\n")); err != nil {
				return err
			}
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return flaw("%s is damaged", "%s 损坏了", name)
		}
	}
}

// digests compares every file with the list.
func (c *checker) digests() error {
	err := c.lines(SumsName, func(line string) error {
		digest, name, ok := strings.Cut(line, "  ")
		if !ok {
			return ErrNotPack
		}
		c.sums[name] = digest
		return nil
	})
	if err != nil {
		return err
	}
	seen := map[string]bool{SumsName: true}
	for _, f := range c.zip.File {
		if f.Name == SumsName {
			continue
		}
		if seen[f.Name] || c.sums[f.Name] == "" {
			return flaw("%s is not in the list of digests", "%s 不在摘要清单里", f.Name)
		}
		seen[f.Name] = true
		file, err := f.Open()
		if err != nil {
			return flaw("%s is damaged", "%s 损坏了", f.Name)
		}
		digest := sha256.New()
		_, err = io.Copy(digest, file)
		file.Close()
		if err != nil || hex.EncodeToString(digest.Sum(nil)) != c.sums[f.Name] {
			return flaw("%s is not the file that was packed", "%s 不是打包时的文件", f.Name)
		}
	}
	for name := range c.sums {
		if !seen[name] {
			return flaw("%s is missing", "缺少 %s", name)
		}
	}
	c.told.Files = len(c.sums)
	return nil
}

// signatures opens every checkpoint with the key. They come in their order, each no smaller than the one before.
func (c *checker) signatures() error {
	var last transparency.Checkpoint
	err := c.lines(checkpointsName, func(line string) error {
		var kept keptCheckpoint
		if err := json.Unmarshal([]byte(line), &kept); err != nil {
			return ErrNotPack
		}
		signed, err := transparency.OpenCheckpoint(kept.Note, c.by)
		if err != nil {
			return flaw("checkpoint %d is not signed by this key", "第 %d 号快照不是这把钥匙签的", kept.Number)
		}
		if kept.Number != last.Number+1 || signed.Size < last.Size || signed.Papers < last.Papers || last.Origin != "" && signed.Origin != last.Origin {
			return flaw("checkpoint %d does not follow the one before", "第 %d 号快照接不上前一号", kept.Number)
		}
		signed.Number, signed.At, last = kept.Number, kept.At, signed
		last.Number, c.told.Sealed = kept.Number, kept.At
		c.checkpoints = append(c.checkpoints, signed)
		return nil
	})
	c.told.Checkpoints = len(c.checkpoints)
	return err
}

// roots compares a tree that grows with the checkpoints of its sizes.
type roots struct {
	transparency.Replay
	tree        transparency.Tree
	checkpoints []transparency.Checkpoint
	next        int
}

var treeZH = map[transparency.Tree]string{transparency.Entries: "凭证", transparency.Papers: "票据"}

// reached compares with the checkpoints that cover as much as has grown.
func (r *roots) reached() error {
	for ; r.next < len(r.checkpoints); r.next++ {
		size, root := r.checkpoints[r.next].Of(r.tree)
		if size > r.Size() {
			return nil
		}
		if size > 0 && root != r.Root() {
			return flaw("the %[1]v do not lead to the root that checkpoint %[2]d signed", "%[3]s：算出的根和第 %[2]d 号快照签的不一样", r.tree, r.checkpoints[r.next].Number, treeZH[r.tree])
		}
	}
	return nil
}

// end makes sure that no checkpoint covers more than there is.
func (r *roots) end() error {
	if r.next < len(r.checkpoints) {
		return flaw("checkpoint %[1]d covers %[2]v that are missing", "第 %[1]d 号快照里的%[3]s缺了", r.checkpoints[r.next].Number, r.tree, treeZH[r.tree])
	}
	return nil
}

// papers grows the tree of papers from their records, and compares the files that are here with what was listed.
func (c *checker) papers() error {
	grown := roots{tree: transparency.Papers, checkpoints: c.checkpoints}
	if err := grown.reached(); err != nil {
		return err
	}
	if _, listed := c.sums[papersName]; !listed {
		return grown.end()
	}
	var record []string
	err := c.lines(papersName, func(line string) error {
		if line != "" {
			record = append(record, line)
			return nil
		}
		if len(record) != 10 {
			return ErrNotPack
		}
		grown.Add([]byte(strings.Join(record, "\n") + "\n"))
		file, digest := record[5], record[7]
		record = record[:0]
		for _, name := range []string{"papers/public/" + file + ".jpg", "papers/originals/" + file + ".jpg", "papers/originals/" + file + ".pdf"} {
			if sum, here := c.sums[name]; here && sum != digest {
				return flaw("%s is not the paper that was listed", "%s 不是清单里的那张票据", name)
			}
		}
		return grown.reached()
	})
	if err != nil {
		return err
	}
	c.told.Papers = grown.Size()
	return grown.end()
}

// journal makes every leaf of the log from the journal alone, and compares each with the list of leaves.
func (c *checker) journal() (err error) {
	if c.to, err = c.trialDay(); err != nil {
		return err
	}
	file, err := c.zip.Open(leavesName)
	if err != nil {
		return ErrNotPack
	}
	defer file.Close()
	leaves := bufio.NewScanner(file)
	grown := roots{tree: transparency.Entries, checkpoints: c.checkpoints}
	c.stands = map[string]money.Amount{}
	err = c.lines(journalName, func(line string) error {
		if c.told.Community == "" {
			return c.book(line)
		}
		var e export.Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			return ErrNotPack
		}
		if err := c.entry(e); err != nil {
			return err
		}
		leaf := grown.Add(c.record(e))
		if !leaves.Scan() || hex.EncodeToString(leaf[:]) != leaves.Text() {
			return flaw("entry %s is not the one in the log", "凭证 %s 和账目日志里的不一样", e.Voucher)
		}
		return grown.reached()
	})
	if err != nil {
		return err
	}
	if leaves.Scan() {
		return flaw("entries after %d are missing", "第 %d 笔以后的凭证缺了", c.told.Entries)
	}
	return grown.end()
}

// book reads the journal's first line.
func (c *checker) book(line string) error {
	var book export.Book
	if err := json.Unmarshal([]byte(line), &book); err != nil || book.Community == "" {
		return ErrNotPack
	}
	c.told.Community, c.accounts = book.Community, book.Accounts
	return nil
}

// entry checks one entry by itself and adds it up.
func (c *checker) entry(e export.Entry) error {
	if e.Seq != c.told.Entries+1 {
		return flaw("after entry %d comes %d", "第 %d 笔后面是第 %d 笔", c.told.Entries, e.Seq)
	}
	c.told.Entries = e.Seq
	day, err := time.Parse(time.DateOnly, e.Date)
	if err != nil {
		return ErrNotPack
	}
	rest := map[string]money.Amount{}
	for _, p := range e.Postings {
		rest[p.Fund] = rest[p.Fund].Add(p.Amount)
		if !day.After(c.to) {
			c.stands[p.Account] = c.stands[p.Account].Add(p.Amount)
		}
	}
	for fund, sum := range rest {
		if !sum.IsZero() {
			return flaw("entry %s does not balance in fund %s", "凭证 %s 在基金 %s 里借贷不平", e.Voucher, fund)
		}
	}
	return nil
}

// record is the text that was hashed when the entry was posted.
func (c *checker) record(e export.Entry) []byte {
	entry := ledger.JournalEntry{Kind: e.Kind, Source: e.Source, Memo: e.Memo, Detail: e.Detail, PostedBy: e.PostedBy, Reverses: e.Reverses}
	entry.Seq, entry.PostedAt = e.Seq, e.PostedAt
	_, _ = fmt.Sscanf(e.Voucher, "%d-%d", &entry.Year, &entry.Number) // what does not parse makes another leaf
	entry.Date, _ = time.Parse(time.DateOnly, e.Date)
	entry.Commitment, _ = hex.DecodeString(e.Commitment)
	lines := make([]ledger.Line, len(e.Postings))
	for i, p := range e.Postings {
		lines[i] = ledger.Line{Line: i + 1, AccountCode: p.Account, FundCode: p.Fund, Amount: p.Amount}
	}
	return ledger.Record(c.told.Community, entry, lines)
}

// trial is what Verify reads of the trial balance.
type trial struct {
	To   string `json:"to"`
	Rows []struct {
		Key   string         `json:"key"`
		Cells map[string]any `json:"cells"`
	} `json:"rows"`
}

func (c *checker) trialBalance() (t trial, err error) {
	file, err := c.zip.Open(trialName)
	if err != nil {
		return t, ErrNotPack
	}
	defer file.Close()
	if err := json.NewDecoder(file).Decode(&t); err != nil {
		return t, ErrNotPack
	}
	return t, nil
}

func (c *checker) trialDay() (day time.Time, err error) {
	t, err := c.trialBalance()
	if err != nil {
		return day, err
	}
	if day, err = time.Parse(time.DateOnly, t.To); err != nil {
		return day, ErrNotPack
	}
	return day, nil
}

// balances compares the trial balance with the journal: what stands on the accounts that no year closes.
func (c *checker) balances() error {
	t, err := c.trialBalance()
	if err != nil {
		return err
	}
	said := map[string]money.Amount{}
	for _, row := range t.Rows {
		for column, sign := range map[string]int64{"closing_debit": 1, "closing_credit": -1} {
			if text, ok := row.Cells[column].(string); ok {
				a, err := money.ParseSigned(text)
				if err != nil {
					return ErrNotPack
				}
				said[row.Key] = said[row.Key].Add(a.Times(sign))
			}
		}
	}
	for _, a := range c.accounts {
		kept := a.Type == string(ledger.Asset) || a.Type == string(ledger.Liability)
		if got, want := said[a.Code], c.stands[a.Code]; kept && !got.Equal(want) {
			return flaw("account %s stands at %v in the trial balance and at %v in the journal", "科目 %s 在余额表里是 %v，在账里是 %v", a.Code, got, want)
		}
	}
	return nil
}
