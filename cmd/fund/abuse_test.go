package main

// What somebody may try against the foundation, and the test that tries it. The numbers are those of the security plan.
//
//	 1 duplicate or parallel webhook     campaigns.TestOneNotificationAThousandTimes, public.TestNotificationsThatAreNotTheCompanys,
//	                                     TestAbuseWebhooksAtOnce
//	 2 forged, altered, unknown serial   public.TestNotificationsThatAreNotTheCompanys, payment.TestParseEventRefuses
//	 3 old replay                        payment.TestParseEventRefuses, payment.TestScenarios
//	 4 amount or currency differs        TestAbusePaymentsThatDiffer, campaigns.TestPaymentThatDiffersIsQuarantined
//	 5 webhook never comes               TestAbuseLostWebhookIsAskedFor, campaigns.TestSettle
//	 6 bots and card testing             TestAbuseTooMany, TestAbuseAmounts (the minimum),
//	                                     web.TestForwardedAddressesAreBelievedOfTrustedProxiesOnly
//	 7 amounts that are none             TestAbuseAmounts, money.TestParseTakesOnlyPlainAmounts
//	 8 splits                            money.TestSplitLosesNoCent
//	 9 receipt guessing                  TestAbuseReceiptGuessing, receipt.TestNotFoundIsUniform
//	10 another community's record        TestAbuseOtherCommunitysRecords, auth.TestWhoMayDoWhat,
//	                                     desk.TestEveryRouteLetsInWhomTheTableSays, desk.TestPeopleOfAnotherCommunityAreNotToBeFound
//	11 refund more than paid, twice      TestAbuseRefunds, TestAbuseRefundBesideAReversal, campaigns.TestRefundRefuses, campaigns.TestRefundTwiceAtOnce,
//	                                     campaigns.TestRefundOfWhatIsReversed
//	12 approving one's own request       payment requests are not built; auth.TestDutiesStayApart
//	13 back-dating into a closed month   TestAbuseRawSQL, ledger.TestTheDoorRefuses
//	14 UPDATE or DELETE as the app       TestAbuseRawSQL, ledger.TestWhatIsPostedStays, testdata/script/verify.txtar
//	15 gaps in numbers                   TestCrash, ledger.TestCommittersOfTwoServers
//	16 spreadsheet cells                 export.TestInert, TestAbuseCanaries (the CSV of the ledger)
//	17 bidi, zero width, homoglyphs      TestAbuseOddNames, page.TestFields, pdf.TestReceiptTakesAnyText
//	18 bombs, huge and broken files      statement.TestContainersThatWouldBurst, statement.TestABrokenFileIsRefusedAtItsPlace,
//	                                     campaigns.TestPictureRefuses, web.TestBodiesAreCapped, TestAbuseBodies
//	19 XML with a DOCTYPE                statement.TestABrokenFileIsRefusedAtItsPlace, statement.FuzzCAMT
//	20 slow clients, streams, timing     TestAbuseSlowClients, TestAbuseManyStreams, TestAbuseSlowDownloads,
//	                                     auth.TestEveryRefusalCostsOneHash, auth.TestLockGrowsAndEnds, desk.TestTooManyTriesLockTheLogIn
//
//	access
//	   a form from elsewhere             TestAbuseEveryForm, desk.TestAFormFromElsewhereChangesNothing, page.TestFormsAreOnlyTakenFromOurOwnPages
//	   headers and cookies               TestAbuseEveryAddress, page.TestCookiesOverHTTPSAreForThisHostOnly, auth.TestDoorCookie
//	   open redirects                    TestAbuseRedirects, auth.TestSafeNext, page.TestReadingAidsDoNotLeadAway
//	   the Host header                   TestAbuseHostHeader
//	   methods, static files, smuggling  TestAbuseWire
//	   script in what people write       TestAbuseCanaries, page.TestMarkdownIsHarmless
//	   SQL in filters, 2,000 bad inputs  TestAbuseBadInputs
//	   numbers that fit no column        TestAbuseNumbersThatFitNothing
//	   uploads by nobody                 TestAbuseBodies

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/campaigns/project"
	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
	"fund/web/auth"
)

// town is the whole program, as fund demo runs it, with two communities that hold the same kinds of records.
type town struct {
	*testing.T
	*pgtest.Database
	app     *app
	base    string
	company *payment.Counterpart
	east    estate
	west    estate
}

const staffPassword = "seven brass kettles"

// estate is a community and one record of each kind.
type estate struct {
	ledger.Community
	campaign campaigns.Campaign
	project  project.Project
	picture  uuid.UUID
	gift     uuid.UUID // paid
	receipt  receipt.Receipt
	entry    ledger.JournalEntry // of the gift
	chart    ledger.Accounts
}

// canary is what a browser must never run, in the ways it could be made to.
const canary = `<script>canary()</script>"onmouseover="canary()"<img src=x onerror=canary()>`

func openTown(t *testing.T) *town {
	t.Helper()
	return openTownWith(t, siteOptions{logName: "fund.test", sandbox: true, demo: true})
}

// openTownWith serves the program with options of the test's own.
func openTownWith(t *testing.T, o siteOptions) *town {
	t.Helper()
	w := &town{T: t, Database: pgtest.DB(t)}
	w.App.SetMaxOpenConns(connectionsMax)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	w.base = "http://" + listener.Addr().String()
	e := &env{app: w.App, read: w.App, keys: t.TempDir(), appURL: w.AppURL, ownerURL: w.OwnerURL, log: slog.New(slog.DiscardHandler)}
	o.baseURL = w.base
	w.app, err = newApp(t.Context(), e, o)
	w.must(err)
	keys, err := payment.LoadSandboxKeys(e.keys)
	w.must(err)
	w.company = payment.NewCounterpart(w.App, keys)
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() { _ = w.app.serve(ctx, listener) })
	t.Cleanup(func() { cancel(); serving.Wait() })
	w.east, w.west = w.settle("east"), w.settle("west")
	return w
}

func (w *town) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *town) do(write func(tx *sqlx.Tx) error) {
	w.Helper()
	w.must((&env{app: w.App}).inTx(w.Context(), write))
}

// settle founds a community whose every text is a canary.
func (w *town) settle(slug string) (e estate) {
	ctx, now := w.Context(), time.Now()
	days := func(n int) time.Time { return ledger.Day(now.Year(), now.Month(), now.Day()+n) }
	story := canary + "\n\n[one](javascript:canary()) ![two](javascript:canary()) <a href=\"javascript:canary()\">three</a>\n"
	w.do(func(tx *sqlx.Tx) (err error) {
		e.Community, err = ledger.AddCommunity(ctx, tx, ledger.Community{
			Slug: slug, NameZH: slug + canary, NameEN: slug + canary, PlaceZH: canary, PlaceEN: canary, AddressZH: canary, AddressEN: canary,
			Phone: canary, Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		if err != nil {
			return err
		}
		if e.chart, err = ledger.ListAccounts(ctx, tx, e.ID); err != nil {
			return err
		}
		host, err := campaigns.AddHost(ctx, tx, e.ID, campaigns.Host{NameZH: canary, NameEN: canary, Certificate: canary})
		if err != nil {
			return err
		}
		if e.picture, err = campaigns.AddPicture(ctx, tx, e.ID, bytes.NewReader(onePixel), canary); err != nil {
			return err
		}
		e.campaign, err = campaigns.DraftCampaign(ctx, tx, e.ID, campaigns.Campaign{
			Slug: slug + "-dinner", TitleZH: canary, TitleEN: canary, PurposeZH: canary, PurposeEN: canary, StoryZH: story, StoryEN: story,
			Goal: money.MustParse("1000"), Minimum: money.MustParse("2"), StartsOn: days(-30), EndsOn: days(30), Basis: campaigns.TargetedBasis,
			HostID: &host.ID, PictureID: &e.picture, ContactName: canary, ContactPhone: canary, CreatedBy: "user:" + uuid.NewString(), Theme: canary,
			Budget: []campaigns.BudgetLine{{NameZH: canary, NameEN: canary, NoteZH: canary, NoteEN: canary, UnitZH: canary, UnitEN: canary, Amount: money.MustParse("1000")}},
		})
		if err != nil {
			return err
		}
		if err := campaigns.Publish(ctx, tx, e.ID, e.campaign.ID, now); err != nil {
			return err
		}
		day := days(-20)
		e.project, err = project.AddProject(ctx, tx, e.ID, project.Project{
			Slug: slug + "-tea", FundID: e.campaign.FundID, Theme: project.Elders, Year: now.Year(), State: project.Running, TitleZH: canary, TitleEN: canary,
			PlaceZH: canary, PlaceEN: canary, OrganisationZH: canary, OrganisationEN: canary, CouncilZH: canary, CouncilEN: canary,
			AgreedOn: &day, StartedOn: &day, Budget: money.MustParse("300"),
			Lines: []project.BudgetLine{{NameZH: canary, NameEN: canary, Planned: money.MustParse("300")}},
		})
		if err != nil {
			return err
		}
		return project.RecordOutcome(ctx, tx, e.ID, e.project.ID, project.Outcome{HeldOn: day, ActivityZH: canary, ActivityEN: canary, PersonTimes: 3, Note: canary})
	})
	w.do(func(tx *sqlx.Tx) error {
		taken, err := campaigns.EnterCash(ctx, tx, e.Community, campaigns.Start{
			ID: uuid.Must(uuid.NewV7()), Campaign: e.campaign.Slug, Amount: money.MustParse("66"), Name: canary, Email: "o'x@example.cn", Lang: "zh-CN",
			Message: canary, ShowName: true, ShowMessage: true, At: now,
		})
		e.gift, e.receipt = taken.Donation, taken.Receipt
		return err
	})
	w.do(func(tx *sqlx.Tx) (err error) {
		e.entry, err = ledger.EntryAt(ctx, tx, e.ID, e.receipt.Entry)
		if err != nil {
			return err
		}
		_, err = ledger.Post(ctx, tx, e.ID, w.manual(e, days(0), "=cmd|' /C calc'!A1 "+canary))
		return err
	})
	return e
}

func (w *town) manual(e estate, day time.Time, memo string) ledger.Entry {
	cash, _ := e.chart.By(ledger.Cash)
	income, _ := e.chart.By(ledger.OfflineDonations)
	return ledger.Entry{
		Date: day, Kind: "manual", Source: "manual:" + uuid.NewString(), Memo: memo, Detail: canary, PostedBy: "user:" + uuid.NewString(),
		Postings: []ledger.Posting{ledger.Debit(cash.ID, ledger.GeneralFundID, money.MustParse("5")), ledger.Credit(income.ID, ledger.GeneralFundID, money.MustParse("5"))},
	}
}

// onePixel is a picture.
var onePixel = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")

// browser keeps cookies and follows no redirect.
type browser struct {
	*town
	client *http.Client
	header http.Header // sent with everything
}

func (w *town) browser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{w, &http.Client{
		Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, http.Header{}}
}

// page is an answer, read.
type answered struct {
	*http.Response
	text string
}

func (b *browser) send(method, path, body string) answered {
	b.Helper()
	r, err := http.NewRequest(method, b.base+path, strings.NewReader(body))
	b.must(err)
	r.Header = b.header.Clone()
	if method == http.MethodPost && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := b.client.Do(r)
	if err != nil {
		b.Fatalf("%s %s: %v", method, path, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	b.must(err)
	return answered{response, string(text)}
}

func (b *browser) get(path string) answered { b.Helper(); return b.send(http.MethodGet, path, "") }

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)

// form is what the form on a page hides, with more beside it.
func (b *browser) form(path string, pairs ...string) url.Values {
	b.Helper()
	form := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(b.get(path).text, -1) {
		form.Set(m[1], m[2])
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func (b *browser) post(path string, form url.Values) answered {
	b.Helper()
	return b.send(http.MethodPost, path, form.Encode())
}

// staff is somebody of east's who is logged in.
func (w *town) staff(role auth.Role, of estate) *browser {
	w.Helper()
	gate, by, login := auth.NewGate(auth.DefaultPolicy), auth.By{Operator: true, Community: of.ID}, of.Slug+string(role)
	user, err := gate.AddUser(w.Context(), w.App, by, auth.NewUser{Login: login, Name: canary, Password: staffPassword, OwnPassword: true})
	w.must(err)
	w.do(func(tx *sqlx.Tx) error { return gate.Grant(w.Context(), tx, by, user.ID, role) })
	b := w.browser()
	if in := b.post("/login", b.form("/login", "login", login, "password", staffPassword)); in.StatusCode != http.StatusSeeOther {
		w.Fatalf("%s is not let in: %d %s", login, in.StatusCode, in.text)
	}
	return b
}

func (e estate) at(path string) string { return "/c/" + e.Slug + path }

// order starts a gift on the public page and gives its id.
func (b *browser) order(e estate, amount string) uuid.UUID {
	b.Helper()
	path := e.at("/campaigns/" + e.campaign.Slug)
	started := b.post(path+"/donations", b.form(path, "own", amount, "pay", "sandbox"))
	_, after, ok := strings.Cut(started.Header.Get("Location"), "/sandbox/pay/")
	if !ok {
		b.Fatalf("%d to %q: %s", started.StatusCode, started.Header.Get("Location"), started.text)
	}
	id, _, _ := strings.Cut(after, "~")
	return uuid.MustParse(id)
}

// notices are what the company sends about a payment.
func (w *town) notices(e estate, gift uuid.UUID, scenario payment.Scenario) []payment.Notification {
	w.Helper()
	news, err := w.company.Pay(w.Context(), e.ID, gift, scenario)
	w.must(err)
	return w.company.Notifications(news)
}

// notify delivers one notice and gives the answer's status.
func (w *town) notify(e estate, told payment.Notification) int {
	r, err := http.NewRequest(http.MethodPost, w.base+e.at("/pay/sandbox/notify"), bytes.NewReader(told.Body))
	if err != nil {
		w.Error(err)
		return 0
	}
	for _, name := range []string{"Sandbox-Timestamp", "Sandbox-Nonce", "Sandbox-Signature", "Sandbox-Serial"} {
		r.Header.Set(name, told.Header(name))
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		w.Error(err)
		return 0
	}
	response.Body.Close()
	return response.StatusCode
}

// count reads one number as the owner.
func (w *town) count(query string, args ...any) (n int) {
	w.Helper()
	w.must(w.Owner.Get(&n, query, args...))
	return n
}

// books is what stands in the books, and beside them.
func (w *town) books() string {
	w.Helper()
	return fmt.Sprint(w.count(`SELECT count(*) FROM ledger.journal_entry`), w.count(`SELECT count(*) FROM receipt.receipt`),
		w.count(`SELECT count(*) FROM campaigns.refund`), w.count(`SELECT sum(raised)::int FROM campaigns.tally`))
}

// stand is everything that must stay as it is when nothing may happen.
func (w *town) stand() string {
	w.Helper()
	return fmt.Sprint(w.books(),
		w.count(`SELECT count(*) FROM campaigns.campaign WHERE state = 'published'`), w.count(`SELECT count(*) FROM ledger.fund`))
}
