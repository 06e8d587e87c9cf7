package issue_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/audit"
	"fund/ledger/money"
	"fund/ledger/transparency"
	"fund/migrations/pgtest"
	"fund/web/issue"
)

// Papers go into the pack as the public sees them, originals only where they are asked for; each is held against the signed list.
func TestPackHoldsPapers(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	key, _, err := transparency.NewKey("fund.example.org")
	if err != nil {
		t.Fatal(err)
	}
	var c ledger.Community
	var posted []ledger.Posted
	db.Do(t, func(tx *sqlx.Tx) (err error) {
		if c, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai"}); err != nil {
			return err
		}
		book, err := ledger.OpenBook(t.Context(), tx, c.ID)
		if err != nil {
			return err
		}
		bank, _ := book.Account(ledger.Bank)
		income, _ := book.Account(ledger.OtherIncome)
		for _, year := range []int{2017, 2018} {
			amount := money.MustParse("66.00")
			one, err := ledger.Post(t.Context(), tx, c.ID, ledger.Entry{
				Date: ledger.Day(year, time.May, 4), Kind: "manual", Source: fmt.Sprintf("test:%d", year), Memo: "卖废纸", PostedBy: "system",
				Postings: []ledger.Posting{ledger.Debit(bank, ledger.GeneralFundID, amount), ledger.Credit(income, ledger.GeneralFundID, amount)},
			})
			if err != nil {
				return err
			}
			posted = append(posted, one...)
		}
		return nil
	})
	db.Do(t, func(tx *sqlx.Tx) error {
		for _, entry := range posted { // one of the year, one of the next
			if err := campaigns.AddEvidence(t.Context(), tx, c.ID, entry.Seq, photograph(t, 40), "收据", "user:1"); err != nil {
				return err
			}
		}
		original, err := campaigns.KeepOriginal(t.Context(), tx, c.ID, photograph(t, 90), "收据", "user:1")
		if err != nil {
			return err
		}
		if _, err := campaigns.AttachOriginal(t.Context(), tx, c.ID, posted[0].Seq, original, "user:1"); err != nil {
			return err
		}
		_, err = transparency.Seal(t.Context(), tx, c.ID, c.Slug, key, time.Date(2018, 6, 1, 9, 0, 0, 0, time.UTC))
		return err
	})
	for _, originals := range []bool{false, true} {
		var b bytes.Buffer
		if err := (issue.AuditPack{Year: 2017, Originals: originals, PublicKey: key.Public()}).Write(t.Context(), &b, db.App, c); err != nil {
			t.Fatal(err)
		}
		files := unzip(t, b.Bytes())
		var papers []string
		for name := range files {
			if strings.HasSuffix(name, ".jpg") {
				papers = append(papers, name)
			}
		}
		slices.Sort(papers)
		if want := map[bool]int{false: 1, true: 2}[originals]; len(papers) != want || !strings.Contains(files["papers/list.csv"], papers[0]) {
			t.Errorf("originals %v: %v\n%s", originals, papers, files["papers/list.csv"])
		}
		told, err := audit.Verify(reader(t, b.Bytes()), key.Verifier())
		if err != nil || told.Papers != 3 || told.Entries != 2 {
			t.Errorf("originals %v: %+v, %v", originals, told, err)
		}
		for _, paper := range papers { // another picture in its place, its digest written anew
			forged := rezip(t, b.Bytes(), paper, files[paper]+"x")
			var flaw *audit.Flaw
			if _, err := audit.Verify(reader(t, forged), key.Verifier()); !errors.As(err, &flaw) || !strings.Contains(flaw.EN, "not the paper that was listed") {
				t.Errorf("%s swapped: %v", paper, err)
			}
		}
	}
}

func photograph(t *testing.T, side int) io.Reader {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, side, side)), nil); err != nil {
		t.Fatal(err)
	}
	return &b
}

func reader(t *testing.T, pack []byte) *zip.Reader {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(pack), int64(len(pack)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func unzip(t *testing.T, pack []byte) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, f := range reader(t, pack).File {
		file, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

// rezip puts another file in the place of one, and its digest into the list.
func rezip(t *testing.T, pack []byte, name, text string) []byte {
	t.Helper()
	files := unzip(t, pack)
	digest := func(s string) string { sum := sha256.Sum256([]byte(s)); return hex.EncodeToString(sum[:]) }
	files[audit.SumsName] = strings.Replace(files[audit.SumsName], digest(files[name])+"  "+name, digest(text)+"  "+name, 1)
	files[name] = text
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
