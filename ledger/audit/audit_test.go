package audit_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/audit"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/ledger/transparency"
	"fund/migrations/pgtest"
)

// house is a book of two years in several funds, sealed.
type house struct {
	*pgtest.Database
	community ledger.Community
	key       transparency.Key
	months    []time.Time
}

func build(t *testing.T) *house {
	t.Helper()
	h := &house{Database: pgtest.DB(t)}
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		h.community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai"})
		return err
	})
	var funds []int
	h.Do(t, func(tx *sqlx.Tx) error {
		for _, f := range []ledger.Fund{{Code: "elders", NameZH: "老人; 一  桌", NameEN: "Elders", Kind: ledger.CampaignFund, Restricted: true}, {Code: "tea.house", NameZH: "茶坊：\"院里\"", NameEN: "Tea", Kind: ledger.VentureFund}} {
			f, err := ledger.AddFund(t.Context(), tx, h.community.ID, f)
			if err != nil {
				return err
			}
			funds = append(funds, f.ID)
		}
		return nil
	})
	var entries []ledger.Entry
	accounts, err := ledger.ListAccounts(t.Context(), h.App, h.community.ID)
	if err != nil {
		t.Fatal(err)
	}
	code := func(s string) int {
		a, ok := accounts.Code(s)
		if !ok {
			t.Fatalf("no account %s", s)
		}
		return a.ID
	}
	for m := range 15 {
		month := ledger.Day(2025, time.Month(11+m), 1)
		h.months = append(h.months, month)
		for i, fund := range append([]int{ledger.GeneralFundID}, funds...) {
			gift := money.FromFen(int64(100_000 + 1234*m + 57*i))
			spent := money.FromFen(int64(40_000 + 321*m))
			entries = append(entries,
				ledger.Entry{
					Date: month.AddDate(0, 0, i), Kind: "manual", Memo: fmt.Sprintf("捐款; 第 %d 笔, \"引号\" \\ 反斜杠  两个空格", m), Detail: "｜ date:2017-13-99 ; [x]", PostedBy: "system",
					Source: fmt.Sprintf("test:in,%d-%d", m, i), Commitment: bytes.Repeat([]byte{byte(m)}, 32),
					Postings: []ledger.Posting{ledger.Debit(code("1002"), fund, gift), ledger.Credit(code("410101"), fund, gift)},
				},
				ledger.Entry{
					Date: month.AddDate(0, 0, 20), Kind: "expense", Memo: "买米", PostedBy: "user:x", Source: fmt.Sprintf("test:out-%d-%d", m, i),
					Postings: []ledger.Posting{ledger.Debit(code("5101"), fund, spent), ledger.Credit(code("1002"), fund, spent)},
				})
		}
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Post(t.Context(), tx, h.community.ID, entries...)
		return err
	})
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(t.Context(), tx, h.community.ID, 2, ledger.Day(2026, 5, 4), "记错了", "system")
		return err
	})
	if h.key, _, err = transparency.NewKey("fund.example.org"); err != nil {
		t.Fatal(err)
	}
	h.seal(t)
	return h
}

func (h *house) seal(t *testing.T) {
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := transparency.Seal(t.Context(), tx, h.community.ID, h.community.Slug, h.key, time.Date(2027, 2, 1, 9, 0, 0, 0, time.UTC))
		return err
	})
}

func (h *house) pack(t *testing.T) []byte {
	t.Helper()
	newest, err := transparency.Latest(t.Context(), h.App, h.community.ID)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	p := audit.NewPack(&b, audit.Scope{Community: h.community, Year: 2026, Sealed: newest})
	if err := errors.Join(p.Books(t.Context(), h.App, h.key.Public()), p.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(t *testing.T, pack []byte) *zip.Reader {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(pack), int64(len(pack)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A pack verifies from itself and the key, is the same when it is made again, and its files say what the books say.
func TestPackVerifiesAlone(t *testing.T) {
	t.Parallel()
	h := build(t)
	pack := h.pack(t)
	told, err := audit.Verify(open(t, pack), h.key.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	if told.Community != "angong" || told.Entries != 91 || told.Checkpoints != 1 || told.Files < 20 {
		t.Errorf("%+v", told)
	}
	if !bytes.Equal(pack, h.pack(t)) {
		t.Error("the same books make another pack")
	}
	other, _, err := transparency.NewKey("fund.example.org")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := audit.Verify(open(t, pack), other.Verifier()); err == nil {
		t.Error("another key verifies it")
	}
	sums := unpack(t, pack)
	check := exec.Command("sha256sum", "--check", "--quiet", "SHA256SUMS")
	check.Dir = sums
	if said, err := check.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, said)
	}
}

// One change anywhere is found, also by whoever writes the digests anew.
func TestPackChanged(t *testing.T) {
	t.Parallel()
	h := build(t)
	pack := h.pack(t)
	for name, change := range map[string]func(string) string{
		"journal/journal.jsonl":         func(s string) string { return strings.Replace(s, `"memo":"买米"`, `"memo":"买面"`, 1) },
		"statements/trial-balance.json": func(s string) string { return strings.Replace(s, `"closing_debit": "`, `"closing_debit": "9`, 1) },
		"log/checkpoints.jsonl":         func(s string) string { return strings.Replace(s, "angong", "angonk", 1) },
		"log/leaves.txt":                func(s string) string { return s + s[:65] },
	} {
		for _, careful := range []bool{false, true} {
			forged := repack(t, pack, name, change, careful)
			_, err := audit.Verify(open(t, forged), h.key.Verifier())
			var flaw *audit.Flaw
			if !errors.As(err, &flaw) || flaw.ZH == "" {
				t.Errorf("%s changed, digests written anew %v: %v", name, careful, err)
			}
		}
	}
	if _, err := audit.Verify(open(t, repack(t, pack, "SHA256SUMS", func(s string) string { return s[100:] }, false)), h.key.Verifier()); err == nil {
		t.Error("a file that is not listed is let through")
	}
	var empty bytes.Buffer
	if err := zip.NewWriter(&empty).Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := audit.Verify(open(t, empty.Bytes()), h.key.Verifier()); !errors.Is(err, audit.ErrNotPack) {
		t.Errorf("an empty ZIP: %v", err)
	}
}

// repack changes one file of a pack; a careful forger writes its digest anew.
func repack(t *testing.T, pack []byte, name string, change func(string) string, careful bool) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	was, is := "", ""
	for _, f := range open(t, pack).File { // the digests come last
		file, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		read, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(read)
		if f.Name == name {
			if text = change(text); text == string(read) {
				t.Fatalf("%s is not changed", name)
			}
			was, is = fmt.Sprintf("%x", sha256.Sum256(read)), fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
		} else if f.Name == audit.SumsName && careful {
			text = strings.Replace(text, was, is, 1)
		}
		into, err := z.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(into, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unpack(t *testing.T, pack []byte) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, open(t, pack)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// hledger and beancount, given our journals, come to our trial balance to the cent: in every fund, at the end of every month.
func TestOtherProgramsAgree(t *testing.T) {
	t.Parallel()
	h := build(t)
	dir := unpack(t, h.pack(t))
	for _, program := range []string{"hledger", "bean-check"} {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(err)
			}
			t.Skip(program + " is not installed")
		}
	}
	journal := filepath.Join(dir, "journal", "ledger.journal")
	run(t, "hledger", "-f", journal, "check", "accounts", "commodities", "balancednoautoconversion")
	if said := run(t, "bean-check", filepath.Join(dir, "journal", "ledger.beancount")); said != "" {
		t.Errorf("bean-check: %s", said)
	}
	funds, err := ledger.ListFunds(t.Context(), h.App, h.community.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, fund := range funds {
		theirs := balances(t, run(t, "hledger", "-f", journal, "balance", "--flat", "--historical", "--monthly", "--empty", "-N", "-O", "csv", "tag:fund=^"+strings.ReplaceAll(fund.Code, ".", `\.`)+"$"))
		for _, month := range h.months {
			trial, err := report.FundTrialBalance(t.Context(), h.App, h.community, fund.ID, month, month)
			if err != nil {
				t.Fatal(err)
			}
			compared := 0
			for _, l := range trial.Lines {
				if l.Type != ledger.Asset && l.Type != ledger.Liability {
					continue // income and expense begin anew with a year in a trial balance
				}
				if got, want := theirs[l.Code][month.Format("2006-01")], l.ClosingDebit.Sub(l.ClosingCredit); !got.Equal(want) {
					t.Errorf("%s %s of %s: hledger %v, we %v", month.Format("2006-01"), l.Code, fund.Code, got, want)
				}
				compared++
			}
			if compared == 0 {
				t.Errorf("%s: nothing to compare in %s", month.Format("2006-01"), fund.Code)
			}
		}
		changes := balances(t, run(t, "hledger", "-f", journal, "balance", "--flat", "--monthly", "--empty", "-N", "-O", "csv", "tag:fund=^"+strings.ReplaceAll(fund.Code, ".", `\.`)+"$"))
		for _, month := range h.months {
			trial, err := report.FundTrialBalance(t.Context(), h.App, h.community, fund.ID, month, month)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range trial.Lines {
				if l.AccountID == 0 {
					continue
				}
				if got, want := changes[l.Code][month.Format("2006-01")], l.Debit.Sub(l.Credit); !got.Equal(want) {
					t.Errorf("%s %s of %s moved: hledger %v, we %v", month.Format("2006-01"), l.Code, fund.Code, got, want)
				}
			}
		}
	}
}

// balances reads hledger's CSV: by account's code, then month.
func balances(t *testing.T, text string) map[string]map[string]money.Amount {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%v: %s", err, text)
	}
	all := map[string]map[string]money.Amount{}
	for _, row := range rows[1:] {
		_, name, _ := strings.Cut(row[0], ":")
		code, _, _ := strings.Cut(name, " ")
		all[code] = map[string]money.Amount{}
		for i, cell := range row[1:] {
			amount, err := money.ParseSigned(strings.TrimPrefix(strings.TrimSpace(cell), "CNY "))
			if cell == "0" {
				amount, err = money.Zero, nil
			}
			if err != nil {
				t.Fatalf("%q: %v", cell, err)
			}
			all[code][rows[0][i+1][:7]] = amount
		}
	}
	return all
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	command := exec.Command(name, args...)
	command.Env = append(os.Environ(), "LANG=C.UTF-8")
	said, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v: %s", name, args, err, said)
	}
	return string(said)
}
