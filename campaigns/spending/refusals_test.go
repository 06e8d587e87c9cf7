package spending_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns/spending"
	"fund/ledger"
)

var (
	errForeign = errors.New("a foreign key's refusal")
	errCheck   = errors.New("a check's refusal")
)

// explained names what this package has no word for by its SQLSTATE.
func explained(err error) error {
	var dberr *pq.Error
	err = spending.Explain(err)
	if errors.As(err, &dberr) && dberr.Code == "23503" {
		return errForeign
	}
	if errors.As(err, &dberr) && dberr.Code == "23514" && !errors.Is(err, spending.ErrOwnRequest) {
		return errCheck
	}
	return err
}

// What the database refuses in plain SQL, of the server's role and of the owner.
func TestTheDatabaseRefuses(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.Do(t, func(tx *sqlx.Tx) error { return spending.SetRule(ctx, tx, o.ID, yuan("50"), council, o.Now) })
	r := o.ask(t, "100", func(r *spending.PaymentRequest) { r.PayeeUser = second })
	for name, c := range map[string]struct {
		sql        string
		app, owner error
	}{
		"approved by who asked":                     {`INSERT INTO spending.decision SELECT community_id, id, asked_by, asked_by, payee_user, 'approved', false, '', now() FROM spending.request`, spending.ErrOwnRequest, spending.ErrOwnRequest},
		"approved by who gets it":                   {`INSERT INTO spending.decision SELECT community_id, id, payee_user, asked_by, payee_user, 'approved', false, '', now() FROM spending.request`, spending.ErrOwnRequest, spending.ErrOwnRequest},
		"approved by who asked, under another name": {`INSERT INTO spending.decision SELECT community_id, id, asked_by, 'user:other', payee_user, 'approved', false, '', now() FROM spending.request`, errForeign, errForeign},
		"approved with a conflict":                  {`INSERT INTO spending.decision SELECT community_id, id, 'user:9', asked_by, payee_user, 'approved', true, '', now() FROM spending.request`, errCheck, errCheck},
		"declined without a reason":                 {`INSERT INTO spending.decision SELECT community_id, id, 'user:9', asked_by, payee_user, 'declined', false, '', now() FROM spending.request`, errCheck, errCheck},
		"approved without approvals":                {`UPDATE spending.request SET state = 'approved'`, spending.ErrApprovals, spending.ErrApprovals},
		"paid without approvals":                    {`UPDATE spending.request SET state = 'paid', entry_seq = 1`, spending.ErrState, spending.ErrState},
		"another asker":                             {`UPDATE spending.request SET asked_by = 'user:other'`, ledger.ErrNotAllowed, ledger.ErrImmutable},
		"another amount":                            {`UPDATE spending.request SET amount = 1`, ledger.ErrNotAllowed, ledger.ErrImmutable},
		"fewer approvals":                           {`UPDATE spending.request SET approvals_needed = 1`, ledger.ErrNotAllowed, ledger.ErrImmutable},
		"born with fewer approvals":                 {`INSERT INTO spending.request (community_id, id, number, fund_id, account_id, year, amount, purpose, method, asked_by, asked_at, approvals_needed) SELECT community_id, gen_random_uuid(), 99, fund_id, account_id, year, amount, purpose, method, asked_by, asked_at, 1 FROM spending.request`, spending.ErrApprovals, spending.ErrApprovals},
		"born approved":                             {`INSERT INTO spending.request (community_id, id, number, fund_id, account_id, year, amount, purpose, method, asked_by, asked_at, approvals_needed, state) SELECT community_id, gen_random_uuid(), 99, fund_id, account_id, year, amount, purpose, method, asked_by, asked_at, 2, 'approved' FROM spending.request`, spending.ErrApprovals, spending.ErrApprovals},
		"a request deleted":                         {`DELETE FROM spending.request`, ledger.ErrNotAllowed, ledger.ErrImmutable},
		"a step deleted":                            {`DELETE FROM spending.step`, ledger.ErrNotAllowed, ledger.ErrImmutable},
		"a decision changed":                        {`UPDATE spending.decision SET verdict = 'approved'`, ledger.ErrNotAllowed, ledger.ErrImmutable},
	} {
		if _, err := o.App.Exec(c.sql); !errors.Is(explained(err), c.app) {
			t.Errorf("the server: %s: %v, want %v", name, err, c.app)
		}
		if _, err := o.Owner.Exec(c.sql); !errors.Is(explained(err), c.owner) {
			t.Errorf("the owner: %s: %v, want %v", name, err, c.owner)
		}
	}
	// One approval of two is not enough either.
	o.done(t, o.approve(r.ID, council))
	if _, err := o.Owner.Exec(`UPDATE spending.request SET state = 'approved'`); !errors.Is(explained(err), spending.ErrApprovals) {
		t.Errorf("with one of two: %v", err)
	}
}
