package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// AccountType says on which side of the books an account stands.
type AccountType string

// The five types of account.
const (
	Asset     AccountType = "asset"
	Liability AccountType = "liability"
	NetAssets AccountType = "net_assets"
	Income    AccountType = "income"
	Expense   AccountType = "expense"
)

// AccountTypes lists the types in the order of a balance sheet and an activity statement.
var AccountTypes = []AccountType{Asset, Liability, NetAssets, Income, Expense}

// Purpose is how a verb finds the account it posts to; a community has at most
// one account for each. Staff may move a purpose to another account.
type Purpose string

// The purposes that verbs of this program look for.
const (
	Cash                  Purpose = "cash"
	Bank                  Purpose = "bank"
	Suspense              Purpose = "suspense"
	ConditionalDonations  Purpose = "conditional_donations"
	DonationIncome        Purpose = "donation_income"
	OnlineDonations       Purpose = "online_donations"
	OfflineDonations      Purpose = "offline_donations"
	InKindDonations       Purpose = "in_kind_donations"
	Inventory             Purpose = "inventory"
	SalesIncome           Purpose = "sales_income"
	ServiceIncome         Purpose = "service_income"
	SubsidyIncome         Purpose = "subsidy_income"
	OtherIncome           Purpose = "other_income"
	ProgrammeExpense      Purpose = "programme_expense"
	AdminExpense          Purpose = "admin_expense"
	FundraisingExpense    Purpose = "fundraising_expense"
	UnrestrictedNetAssets Purpose = "unrestricted_net_assets"
	RestrictedNetAssets   Purpose = "restricted_net_assets"

	BetweenFunds            Purpose = "between_funds" // over all funds it is zero
	Prepaid                 Purpose = "prepaid"
	FixedAssets             Purpose = "fixed_assets"
	AccumulatedDepreciation Purpose = "accumulated_depreciation"
	OtherExpense            Purpose = "other_expense"
)

// Clearing is the account where a payment provider's money waits until it
// pays out: `wechat_clearing`, `alipay_clearing`, `sandbox_clearing`.
func Clearing(provider string) Purpose { return Purpose(provider + "_clearing") }

// ClearingOf is the provider whose money waits in the account with this
// purpose; ok is false for every other purpose.
func (p Purpose) ClearingOf() (provider string, ok bool) {
	return strings.CutSuffix(string(p), "_clearing")
}

// Account is a 会计科目 of a community's chart of accounts.
type Account struct {
	ID       int         `db:"id"` // unique in its community, never reused
	Code     string      `db:"code"`
	NameZH   string      `db:"name_zh"`
	NameEN   string      `db:"name_en"`
	Type     AccountType `db:"type"`
	Purpose  Purpose     `db:"purpose"` // empty for most
	ClosedAt *time.Time  `db:"closed_at"`
}

// Name is the account's name in the reader's language ("en", else Chinese).
func (a Account) Name(lang string) string { return inLanguage(lang, a.NameZH, a.NameEN) }

// Accounts is a community's chart, ordered by code.
type Accounts []Account

// By finds the account with a purpose; ok is false if the community has none.
func (as Accounts) By(p Purpose) (Account, bool) {
	i := slices.IndexFunc(as, func(a Account) bool { return p != "" && a.Purpose == p })
	if i < 0 {
		return Account{}, false
	}
	return as[i], true
}

// Code finds an account by its code.
func (as Accounts) Code(code string) (Account, bool) {
	i := slices.IndexFunc(as, func(a Account) bool { return a.Code == code })
	if i < 0 {
		return Account{}, false
	}
	return as[i], true
}

// ID finds an account by its id.
func (as Accounts) ID(id int) (Account, bool) {
	i := slices.IndexFunc(as, func(a Account) bool { return a.ID == id })
	if i < 0 {
		return Account{}, false
	}
	return as[i], true
}

// Above is the account that an account stands below: the one with the longest
// code that its own begins with.
func (as Accounts) Above(a Account) (Account, bool) {
	for n := len(a.Code) - 1; n > 0; n-- {
		if found, ok := as.Code(a.Code[:n]); ok {
			return found, true
		}
	}
	return Account{}, false
}

// NextCode proposes the code of a new account below another: two figures more
// than the parent's, the first that is free. Empty where all 99 are taken.
func (as Accounts) NextCode(parent Account) string {
	last := 0
	for _, a := range as {
		if above, ok := as.Above(a); ok && above.ID == parent.ID && len(a.Code) == len(parent.Code)+2 {
			if n, err := strconv.Atoi(a.Code[len(parent.Code):]); err == nil {
				last = max(last, n)
			}
		}
	}
	if last >= 99 {
		return ""
	}
	return fmt.Sprintf("%s%02d", parent.Code, last+1)
}

// AtHome is a signed amount as readers of the type expect it: of assets and
// expense the debit side is positive, of the others the credit side.
func (t AccountType) AtHome(a money.Amount) money.Amount {
	if t == Asset || t == Expense {
		return a
	}
	return a.Neg()
}

// ListAccounts reads a community's chart of accounts, closed ones too.
func ListAccounts(ctx context.Context, q sqlx.QueryerContext, community int) (accounts Accounts, err error) {
	defer wrap(&err, "ledger.ListAccounts(%d)", community)
	err = sqlx.SelectContext(ctx, q, &accounts, `
		SELECT id, code, name_zh, name_en, type, coalesce(purpose, '') AS purpose, closed_at
		  FROM ledger.account WHERE community_id = $1 ORDER BY code`, community)
	return accounts, err
}

// AddAccount adds an account and returns it with its new id. ErrExists if the
// code or the purpose is taken.
func AddAccount(ctx context.Context, tx *sqlx.Tx, community int, a Account) (_ Account, err error) {
	defer wrap(&err, "ledger.AddAccount(%d, %s)", community, a.Code)
	err = tx.GetContext(ctx, &a.ID, `
		INSERT INTO ledger.account (community_id, id, code, name_zh, name_en, type, purpose)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, nullif($6, '')
		  FROM ledger.account WHERE community_id = $1 RETURNING id`,
		community, a.Code, a.NameZH, a.NameEN, a.Type, a.Purpose)
	return a, exists(err)
}

// RenameAccount changes an account's names; its code never changes.
func RenameAccount(ctx context.Context, tx *sqlx.Tx, community, account int, nameZH, nameEN string) (err error) {
	defer wrap(&err, "ledger.RenameAccount(%d, %d)", community, account)
	return one(tx.ExecContext(ctx, `UPDATE ledger.account SET name_zh = $3, name_en = $4 WHERE community_id = $1 AND id = $2`,
		community, account, nameZH, nameEN))
}

// CloseAccount refuses further postings to the account (ErrAccountClosed).
func CloseAccount(ctx context.Context, tx *sqlx.Tx, community, account int) (err error) {
	defer wrap(&err, "ledger.CloseAccount(%d, %d)", community, account)
	return one(tx.ExecContext(ctx, `UPDATE ledger.account SET closed_at = coalesce(closed_at, now()) WHERE community_id = $1 AND id = $2`,
		community, account))
}

// ReopenAccount lets postings in again.
func ReopenAccount(ctx context.Context, tx *sqlx.Tx, community, account int) (err error) {
	defer wrap(&err, "ledger.ReopenAccount(%d, %d)", community, account)
	return one(tx.ExecContext(ctx, `UPDATE ledger.account SET closed_at = NULL WHERE community_id = $1 AND id = $2`,
		community, account))
}

// one turns "no row was touched" into ErrNotFound.
func one(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrNotFound)
	}
	return nil
}

func inLanguage(lang, zh, en string) string {
	if lang == "en" && en != "" {
		return en
	}
	return zh
}
