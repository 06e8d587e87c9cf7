package bench

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/receipt"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
)

// market is a charity sale on a rig, with as many tills as are asked for.
type market struct {
	*rig
	place sale.Place
	items []sale.Item
	tills []*till
}

// till is a volunteer's browser: logged in, with an open session.
type till struct {
	*market
	code    string
	session uuid.UUID
	browser *http.Client
	token   string // of its forms
	rung    int    // how many sales it has rung up
}

const cashierPassword = "ginkgo leaf on the river 42"

// hold opens a sale with some goods and tills. The server must be running.
func (r *rig) hold(ctx context.Context, tills int) (*market, error) {
	m := &market{rig: r}
	if err := r.inTx(ctx, func(tx *sqlx.Tx) error { return m.lay(ctx, tx) }); err != nil {
		return nil, err
	}
	for n := range tills {
		t, err := m.open(ctx, fmt.Sprintf("T%d", n+1))
		if err != nil {
			return nil, err
		}
		m.tills = append(m.tills, t)
	}
	return m, nil
}

func (m *market) lay(ctx context.Context, tx *sqlx.Tx) (err error) {
	today := m.community.Day(time.Now())
	m.place, err = sale.AddPlace(ctx, tx, m.community.ID, sale.Place{
		Kind: sale.SaleEvent, Slug: "fair", NameZH: "义卖", StartsOn: &today, EndsOn: &today, FundID: ledger.GeneralFundID, CampaignID: &m.campaign.ID, CreatedBy: "system",
	})
	if err != nil {
		return err
	}
	for i := range 40 {
		price, stock := money.FromFen(int64(i+1)*100), 1_000_000
		item := sale.Item{PlaceID: m.place.ID, Code: fmt.Sprint(i + 1), NameZH: fmt.Sprintf("商品 %d", i+1), Price: &price, Stock: &stock}
		if i%4 == 3 {
			item.Kind = sale.Service
		}
		if item, err = sale.AddItem(ctx, tx, m.community.ID, item); err != nil {
			return err
		}
		m.items = append(m.items, item)
	}
	return sale.OpenPlace(ctx, tx, m.community.ID, m.place.ID)
}

// open logs a volunteer in and opens their till.
func (m *market) open(ctx context.Context, code string) (*till, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	t := &till{market: m, code: code, browser: &http.Client{Jar: jar, Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 4}}}
	gate, by := auth.NewGate(auth.DefaultPolicy), auth.By{Operator: true, Community: m.community.ID}
	login := strings.ToLower(code) + "@bench"
	user, err := gate.AddUser(ctx, m.owner, by, auth.NewUser{Login: login, Name: code, Password: cashierPassword, OwnPassword: true})
	if err != nil {
		return nil, err
	}
	if err := m.inTx(ctx, func(tx *sqlx.Tx) error { return gate.Grant(ctx, tx, by, user.ID, auth.Cashier) }); err != nil {
		return nil, err
	}
	s, err := gate.LogIn(ctx, m.owner, login, cashierPassword, "", auth.From{Address: "127.0.0.1"})
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(m.url)
	if err != nil {
		return nil, err
	}
	jar.SetCookies(base, []*http.Cookie{{Name: (&auth.Door{}).CookieName(), Value: s.Token, Path: "/"}})
	var state struct {
		Token string `json:"form_token"`
	}
	if err := t.ask(ctx, http.MethodGet, "/state.json", nil, &state); err != nil {
		return nil, err
	}
	t.token = state.Token
	var opened struct {
		ID uuid.UUID `json:"id"`
	}
	body := map[string]any{"place": map[string]any{"kind": "event", "id": m.place.ID}, "till": code, "float": "0"}
	err = t.ask(ctx, http.MethodPost, "/sessions", body, &opened)
	t.session = opened.ID
	return t, err
}

// ask sends a request below /till and reads the answer.
func (t *till) ask(ctx context.Context, method, path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, t.url+"/c/"+t.community.Slug+"/till"+path, strings.NewReader(string(text)))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	request.Header.Set("X-Csrf-Token", t.token)
	answer, err := t.browser.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("bench: %s answered %d: %.300s", path, answer.StatusCode, said)
	}
	return json.Unmarshal(said, into)
}

// rungUp is a sale as the till's page sends it.
type rungUp struct {
	ID       uuid.UUID        `json:"id"`
	At       time.Time        `json:"at"`
	Slip     string           `json:"slip"`
	Lines    []map[string]any `json:"lines"`
	Payments []map[string]any `json:"payments"`
	Tip      string           `json:"tip"`
}

// ring rings a sale up: two or three things, every tenth with a tip, every third without cash.
func (t *till) ring() rungUp {
	t.rung++
	s := rungUp{ID: uuid.Must(uuid.NewV7()), At: time.Now(), Slip: fmt.Sprintf("%s-%06d", t.code, t.rung), Tip: "0.00"}
	total := money.Zero
	for n := range 2 + t.rung%2 {
		item := t.items[(t.rung*7+n*13)%len(t.items)]
		quantity := 1 + (t.rung+n)%3
		total = total.Add(item.Price.Times(int64(quantity)))
		s.Lines = append(s.Lines, map[string]any{"item": item.ID, "name": item.NameZH, "quantity": quantity, "price": item.Price})
	}
	if t.rung%10 == 0 {
		s.Tip, total = "2.00", total.Add(money.FromFen(200))
	}
	way := "cash"
	if t.rung%3 == 0 {
		way = "wechat"
	}
	s.Payments = []map[string]any{{"way": way, "amount": total}}
	return s
}

// sync hands sales in; it returns the number that each got.
func (t *till) sync(ctx context.Context, sales []rungUp) (numbers map[uuid.UUID]string, err error) {
	var answer struct {
		Done []struct {
			ID     uuid.UUID `json:"id"`
			Number string    `json:"number"`
		} `json:"done"`
		Refused []struct {
			ID, Code string
		} `json:"refused"`
	}
	if err := t.ask(ctx, http.MethodPost, "/sync", map[string]any{"session": t.session, "sales": sales}, &answer); err != nil {
		return nil, err
	}
	if len(answer.Refused) > 0 {
		return nil, fmt.Errorf("bench: sale %s was refused: %s", answer.Refused[0].ID, answer.Refused[0].Code)
	}
	numbers = make(map[uuid.UUID]string, len(answer.Done))
	for _, d := range answer.Done {
		numbers[d.ID] = d.Number
	}
	if len(numbers) != len(sales) {
		return nil, fmt.Errorf("bench: %d answers to %d sales", len(numbers), len(sales))
	}
	return numbers, nil
}

// proveSales checks, in the database itself, that exactly these sales are
// stored, each once and under the number its till was told, that no number is
// left out, and that everything agrees with the books.
func (m *market) proveSales(ctx context.Context, told map[uuid.UUID]string) error {
	var rows []struct {
		ID       uuid.UUID `db:"id"`
		Year     int       `db:"year"`
		Number   int       `db:"number"`
		Entries  int       `db:"entries"`
		Receipts int       `db:"receipts"`
	}
	err := m.owner.SelectContext(ctx, &rows, `
		SELECT s.id, min(r.year) AS year, min(r.number) AS number, count(DISTINCT e.seq) AS entries, count(DISTINCT r.number) AS receipts
		  FROM sale.sale s
		  LEFT JOIN receipt.receipt r ON r.community_id = s.community_id AND r.subject_id = s.id
		  LEFT JOIN ledger.journal_entry e ON e.community_id = s.community_id AND e.source = 'sale:' || s.id
		 WHERE s.community_id = $1 GROUP BY s.id`, m.community.ID)
	if err != nil {
		return err
	}
	seen := map[int]bool{}
	for _, r := range rows {
		number := receipt.Receipt{Series: receipt.Sale, Year: r.Year, Number: r.Number}.Serial()
		if r.Entries != 1 || r.Receipts != 1 || told[r.ID] != number {
			return fmt.Errorf("bench: sale %s has %d entries, %d receipts, number %s, and its till was told %q", r.ID, r.Entries, r.Receipts, number, told[r.ID])
		}
		seen[r.Number] = true
	}
	if len(rows) != len(told) {
		return fmt.Errorf("bench: tills handed in %d sales, the database has %d", len(told), len(rows))
	}
	for n := 1; n <= len(rows); n++ {
		if !seen[n] {
			return fmt.Errorf("bench: receipt %d is missing", n)
		}
	}
	return m.agrees(ctx)
}

// agrees runs the checks of the books and of everything that is sold. The server may be sealing meanwhile.
func (m *market) agrees(ctx context.Context) error {
	tx, err := m.owner.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	found, err := ledger.Check(ctx, tx, m.community, nil)
	for _, check := range []func(context.Context, sqlx.QueryerContext, int) ([]ledger.Finding, error){sale.Check, campaigns.Check, receipt.Check} {
		more, failed := check(ctx, tx, m.community.ID)
		found, err = append(found, more...), errors.Join(err, failed)
	}
	if err == nil && len(found) > 0 {
		err = fmt.Errorf("bench: the checks have %d findings, the first: %s", len(found), found[0].Text("en"))
	}
	return err
}
