package main

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
)

func TestAbuseWebhooksAtOnce(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	gift := w.browser().order(w.east, "30")
	told := w.notices(w.east, gift, "normal")[0]
	var senders sync.WaitGroup
	for range 8 {
		senders.Go(func() {
			for range 10 {
				if got := w.notify(w.east, told); got != http.StatusNoContent {
					t.Errorf("%d", got)
				}
			}
		})
	}
	senders.Wait()
	if n := w.count(`SELECT count(*) FROM receipt.receipt WHERE subject_id = $1`, gift); n != 1 {
		t.Errorf("%d receipts", n)
	}
	if got := w.notify(w.west, told); got != http.StatusNotFound {
		t.Errorf("at the other community: %d", got)
	}
}

func TestAbusePaymentsThatDiffer(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	before := w.stand()
	for _, scenario := range []payment.Scenario{payment.WrongAmount, payment.WrongCurrency, payment.WrongPayee} {
		gift := w.browser().order(w.east, "30")
		for _, told := range w.notices(w.east, gift, scenario) {
			if got := w.notify(w.east, told); got != http.StatusNoContent {
				t.Errorf("%s: %d", scenario, got)
			}
		}
		if n := w.count(`SELECT count(*) FROM campaigns.quarantine WHERE donation_id = $1`, gift); n != 1 {
			t.Errorf("%s: %d in quarantine", scenario, n)
		}
	}
	if after := w.stand(); after != before {
		t.Errorf("%s became %s", before, after)
	}
}

func TestAbuseLostWebhookIsAskedFor(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	gift := w.browser().order(w.east, "30")
	w.notices(w.east, gift, "normal") // paid, and never told
	providers, err := payment.NewProviders(payment.NewSandbox(w.company, func(payment.Order) string { return "" }))
	w.must(err)
	receive := ledger.NewCommitter(w.App, 8, campaigns.ReceivePayments)
	defer receive.Close()
	got, err := campaigns.Settle(t.Context(), w.App, w.east.Community, providers, receive, time.Now().Add(time.Minute), 0)
	if err != nil || len(got) != 1 || got[0].Donation != gift {
		t.Errorf("%v, %v", got, err)
	}
}

func TestAbuseAmounts(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	b := w.browser()
	path := w.east.at("/campaigns/" + w.east.campaign.Slug)
	form := b.form(path, "pay", "sandbox")
	for _, amount := range []string{
		"-1", "0", "0.00", "NaN", "Inf", "-Infinity", "1e9999", "1e5", "0x10", "0.001", "1.005", "−1", "１２", "٣", "1,000", "1 000", "+1", ".5", "1.",
		"", " ", "1\x00", "9999999999999", strings.Repeat("9", 5000), "200000.01", "1.99", "¥5", "1'--", "1\n2", "二十",
	} {
		form.Set("own", amount)
		start := time.Now()
		got := b.post(path+"/donations", form)
		if got.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(got.text, `href="#f-`) {
			t.Errorf("%.20q: %d", amount, got.StatusCode)
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%.20q took %v", amount, took)
		}
	}
	if n := w.count(`SELECT count(*) FROM campaigns.donation WHERE state = 'pending'`); n != 0 {
		t.Errorf("%d donations were started", n)
	}
}

func TestAbuseTooMany(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	b := w.browser()
	for path, limit := range map[string]string{
		w.east.at("/campaigns/" + w.east.campaign.Slug + "/donations"): "donate", w.east.at("/verify"): "verify", "/login": "login",
	} {
		for i := 0; i < limits[limit].tries; i++ {
			if got := b.post(path, url.Values{}); got.StatusCode != http.StatusForbidden {
				t.Fatalf("%s, try %d: %d", path, i, got.StatusCode)
			}
		}
		got := b.post(path, url.Values{})
		if got.StatusCode != http.StatusTooManyRequests || got.Header.Get("Retry-After") == "" {
			t.Errorf("%s: %d, again after %q", path, got.StatusCode, got.Header.Get("Retry-After"))
		}
	}
	if got := b.get(w.east.at("")); got.StatusCode != http.StatusOK {
		t.Errorf("reading: %d", got.StatusCode)
	}
}

func TestAbuseReceiptGuessing(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	b := w.browser()
	if got := b.get("/r/" + w.east.receipt.Token); got.StatusCode != http.StatusOK {
		t.Fatalf("the right one: %d", got.StatusCode)
	}
	random := w.east.receipt.Token[:2] + strings.Repeat("0", 26)
	want := strip(b.get("/r/" + random).text)
	for _, token := range []string{
		"1", "x", strings.ToUpper(w.east.receipt.Token), w.east.receipt.Token + "0", w.east.receipt.Token[:27], "2" + w.east.receipt.Token[1:],
		"zzzzzz-" + strings.Repeat("0", 26), "0-" + strings.Repeat("0", 26), "%00", "%ff", "..", "'--", strings.Repeat("a", 3000), w.east.gift.String(),
	} {
		for _, below := range []string{"", "/receipt.pdf", "/proof.txt", "/proof.json"} {
			got := b.get("/r/" + token + below)
			if got.StatusCode != http.StatusNotFound || token != ".." && strip(got.text) != want {
				t.Errorf("%.40s%s: %d, another body: %v", token, below, got.StatusCode, strip(got.text) != want)
			}
		}
	}
}

// strip takes out what differs between any two pages: the number of the request, and the page's own address.
func strip(page string) string {
	out := page
	for _, pattern := range ownMarks {
		out = pattern.ReplaceAllString(out, "")
	}
	return out
}

func TestAbuseRefunds(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	treasurer, cashier := w.staff(auth.Treasurer, w.east), w.staff(auth.Cashier, w.east)
	path := w.east.at("/desk/donations/" + w.east.gift.String())
	if got := cashier.post(path, cashier.form(w.east.at("/desk/cash"), "share", "all", "reason", "mine", "confirmed", "yes")); got.StatusCode != http.StatusForbidden {
		t.Errorf("a cashier: %d", got.StatusCode)
	}
	for _, amount := range []string{"66.01", "-1", "0", "1e3", "999999999"} {
		got := treasurer.post(path, treasurer.form(path, "share", "part", "refund", amount, "reason", "too much", "confirmed", "yes"))
		if got.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s of 66: %d", amount, got.StatusCode)
		}
	}
	if n := w.count(`SELECT count(*) FROM campaigns.refund`); n != 0 {
		t.Fatalf("%d refunds", n)
	}
	var presses sync.WaitGroup
	for range 6 { // six windows, each with a form of its own
		form := treasurer.form(path, "share", "part", "refund", "40", "reason", "moved away", "confirmed", "yes")
		presses.Go(func() { treasurer.post(path, form) })
	}
	presses.Wait()
	if n := w.count(`SELECT sum(amount)::int FROM campaigns.refund`); n != 40 {
		t.Errorf("%d of 66 went back in halves of 40", n)
	}
}

// A gift's entry is undone by its refund alone: undone in the journal, it could be given back once more.
func TestAbuseRefundBesideAReversal(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	treasurer := w.staff(auth.Treasurer, w.east)
	entry, before := w.east.at("/desk/journal/"+w.east.entry.Voucher()), w.stand()
	form := treasurer.form(w.east.at("/desk/cash"), "why", "mine", "date", time.Now().Format(time.DateOnly))
	if got := treasurer.post(entry+"/reversal", form); got.StatusCode != http.StatusConflict {
		t.Errorf("a gift reversed by hand: %d", got.StatusCode)
	}
	if got := treasurer.get(entry); strings.Contains(got.text, "/reversal") || !strings.Contains(got.text, "/desk/donations/"+w.east.gift.String()) {
		t.Error("the entry's page offers a reversal, or does not lead to the gift")
	}
	if after := w.stand(); after != before {
		t.Errorf("%s became %s", before, after)
	}
}

func TestAbuseRawSQL(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	for _, query := range []string{
		`UPDATE ledger.journal_entry SET memo = ''`, `DELETE FROM ledger.journal_entry`, `TRUNCATE ledger.posting`, `UPDATE ledger.posting SET amount = 1`,
		`DELETE FROM ledger.posting`, `INSERT INTO ledger.posting SELECT * FROM ledger.posting`, `UPDATE receipt.receipt SET amount = 1`,
		`DELETE FROM receipt.receipt`, `UPDATE receipt.counter SET last_number = 0`, `UPDATE campaigns.refund SET amount = 1`, `DELETE FROM campaigns.refund`,
		`UPDATE campaigns.donation SET amount = 1`, `DELETE FROM campaigns.donation`, `DELETE FROM campaigns.quarantine`, `UPDATE auth.audit_log SET verb = 'a.b'`,
		`DELETE FROM auth.audit_log`, `UPDATE ledger.balance SET debit = 0`, `DROP TABLE campaigns.donor`, `ALTER TABLE ledger.posting DISABLE TRIGGER ALL`,
		`CREATE TABLE ledger.mine (a int)`, `SET ROLE postgres`, `SET session_replication_role = replica`, `COPY ledger.posting TO PROGRAM 'true'`,
		`SELECT pg_read_file('/etc/passwd')`,
	} {
		if _, err := w.App.Exec(query); err == nil {
			t.Errorf("the app's role may %s", query)
		}
	}
	last := ledger.Day(time.Now().Year()-1, 12, 5)
	w.do(func(tx *sqlx.Tx) error { return ledger.ClosePeriod(t.Context(), tx, w.east.ID, last, "user:1") })
	tx, err := w.App.Beginx()
	w.must(err)
	defer tx.Rollback()
	if _, err := ledger.Post(t.Context(), tx, w.east.ID, w.manual(w.east, last, "back-dated")); err == nil {
		t.Error("an entry was dated into a closed month")
	}
}

func TestAbuseOddNames(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	b := w.browser()
	path := w.east.at("/campaigns/" + w.east.campaign.Slug)
	for _, name := range []string{"王\u202e婆\u200b婆", "аdmin", "𠮷野家", "e\u0301", "\ufeff", "\u2066x\u2069", "a\x00b", "a\xffb", "\u200d\u200d", "🧧" + strings.Repeat("\u0301", 30)} {
		got := b.post(path+"/donations", b.form(path, "own", "5", "pay", "sandbox", "name", name, "message", name, "show_name", "yes", "show_message", "yes"))
		if got.StatusCode != http.StatusSeeOther && got.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", name, got.StatusCode)
		}
	}
	if n := w.count(`SELECT count(*) FROM campaigns.donor WHERE name ~ '[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]'`); n != 0 {
		t.Errorf("%d names keep characters nobody sees", n)
	}
	if n := w.count(`SELECT count(*) FROM campaigns.donor WHERE name IS NOT NFC NORMALIZED`); n != 0 {
		t.Errorf("%d names are not composed", n)
	}
	gift, err := uuid.NewV7()
	w.must(err)
	w.do(func(tx *sqlx.Tx) error {
		taken, err := campaigns.EnterCash(t.Context(), tx, w.east.Community, campaigns.Start{
			ID: gift, Campaign: w.east.campaign.Slug, Amount: money.MustParse("5"), Name: "𠮷\u202e野🧧", Lang: "en", At: time.Now(),
		})
		w.east.receipt = taken.Receipt
		return err
	})
	if got := b.get("/r/" + w.east.receipt.Token + "/receipt.pdf"); got.StatusCode != http.StatusOK || !strings.HasPrefix(got.text, "%PDF") {
		t.Errorf("the receipt's PDF: %d", got.StatusCode)
	}
}
