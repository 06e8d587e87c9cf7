package ledger_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/tlog"

	"fund/ledger"
	"fund/ledger/transparency"
)

// tampered are six sealed entries (a checkpoint after each second one), then
// somebody who owns the machine, with every trigger and foreign key switched off.
func tampered(t *testing.T, sql ...string) (*books, []ledger.Finding) {
	t.Helper()
	b := openBooks(t)
	for n := 1; n <= 6; n++ {
		b.post(t, b.given(n, b.clinic, "100"))
		if n%2 == 0 {
			b.seal(t)
		}
	}
	b.sound(t)
	b.tamper(t, sql...)
	return b, b.check(t)
}

func (b *books) tamper(t *testing.T, sql ...string) {
	t.Helper()
	tx := b.Owner.MustBegin()
	defer tx.Rollback()
	tx.MustExec(`SET LOCAL session_replication_role = replica`)
	for _, s := range sql {
		if n, err := tx.MustExec(s).RowsAffected(); err != nil || n == 0 {
			t.Fatalf("%s: %d rows, %v", s, n, err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

func TestCheckNamesWhatWasTamperedWith(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		sql  []string
		want []string // code and voucher of each finding
		says string   // in the first one
	}{
		{"amount", []string{`UPDATE ledger.posting SET amount = 90 WHERE seq = 3 AND line = 1`}, []string{"entry_changed 2026-3"}, "借贷不平，差 −10.00"},
		{"both amounts", []string{`UPDATE ledger.posting SET amount = sign(amount) * 90 WHERE seq = 3`}, []string{"entry_changed 2026-3"}, "收入存的是 100.00，按分录算是 90.00"},
		{
			"both amounts, the entry and the balances",
			[]string{
				`UPDATE ledger.posting SET amount = sign(amount) * 90 WHERE seq = 3`, `UPDATE ledger.journal_entry SET income = 90 WHERE seq = 3`,
				`UPDATE ledger.journal_entry SET net_after = net_after - 10 WHERE seq >= 3`, `UPDATE ledger.book SET net_assets = net_assets - 10`,
				`UPDATE ledger.balance SET debit = debit - sign(debit) * 10, credit = credit - sign(credit) * 10`, `UPDATE ledger.fund_balance SET net_assets = net_assets - 10`,
			},
			[]string{"entry_changed 2026-3"},
			"与账目日志中的记录不一致",
		},
		{"memo", []string{`UPDATE ledger.journal_entry SET memo = '误餐费' WHERE seq = 4`}, []string{"entry_changed 2026-4"}, "与账目日志中的记录不一致"},
		{"account", []string{`UPDATE ledger.posting SET account_id = 1 WHERE seq = 4 AND line = 1`}, []string{"entry_changed 2026-4"}, "科目 1001"},
		{"unknown fund", []string{`UPDATE ledger.posting SET fund_id = 99 WHERE seq = 4`}, []string{"entry_changed 2026-4"}, "不存在的科目或资金"},
		{"deleted", []string{`DELETE FROM ledger.posting WHERE seq = 2`, `DELETE FROM ledger.journal_entry WHERE seq = 2`}, []string{"entry_missing 2026-2"}, "被删除过"},
		{"deleted, postings left", []string{`DELETE FROM ledger.journal_entry WHERE seq = 2`}, []string{"entry_missing 2026-2"}, "被删除过"},
		{"a run deleted", []string{`DELETE FROM ledger.posting WHERE seq IN (2, 3)`, `DELETE FROM ledger.journal_entry WHERE seq IN (2, 3)`}, []string{"entry_missing 2026-2–2026-3"}, "被删除过"},
		{"the last deleted", []string{`DELETE FROM ledger.posting WHERE seq = 6`, `DELETE FROM ledger.journal_entry WHERE seq = 6`}, []string{"entry_missing 2026-6"}, "被删除过"},
		{
			"the last deleted with its leaf, book and number",
			[]string{
				`DELETE FROM ledger.posting WHERE seq = 6`, `DELETE FROM ledger.journal_entry WHERE seq = 6`, `DELETE FROM transparency.leaf WHERE leaf_index = 5`,
				`UPDATE ledger.book SET last_seq = 5, net_assets = 500`, `UPDATE ledger.book_year SET last_number = 5`,
				`UPDATE ledger.balance SET debit = sign(debit) * 500, credit = sign(credit) * 500`, `UPDATE ledger.fund_balance SET net_assets = 500`, `UPDATE ledger.month_tally SET entries = 5`,
			},
			[]string{"log_differs #6"},
			"签过的凭证不见了",
		},
		{
			"two swapped",
			[]string{
				`UPDATE ledger.journal_entry SET source = 'was:' || seq WHERE seq IN (2, 5)`,
				`UPDATE ledger.journal_entry SET source = 'donation:' || 7 - seq WHERE seq IN (2, 5)`,
				`UPDATE ledger.journal_entry SET (memo, entry_date) = (SELECT memo, entry_date FROM ledger.journal_entry o WHERE o.seq = 7 - journal_entry.seq) WHERE seq IN (2, 5)`,
				`UPDATE ledger.posting SET entry_date = (SELECT entry_date FROM ledger.journal_entry e WHERE e.seq = posting.seq)`,
			},
			[]string{"entry_moved 2026-2", "entry_moved 2026-5"},
			"与凭证 2026-5 调换过位置",
		},
		{
			"order swapped",
			[]string{
				`UPDATE ledger.journal_entry SET seq = 105 - seq, number = 105 - number WHERE seq IN (2, 3)`, `UPDATE ledger.journal_entry SET seq = seq - 100, number = number - 100 WHERE seq > 100`,
				`UPDATE ledger.posting SET seq = 105 - seq WHERE seq IN (2, 3)`, `UPDATE ledger.posting SET seq = seq - 100 WHERE seq > 100`,
			},
			[]string{"entry_moved 2026-2", "entry_moved 2026-3"},
			"与凭证 2026-3 调换过位置",
		},
		{"back-dated", []string{`UPDATE ledger.journal_entry SET entry_date = '2026-10-30' WHERE seq = 3`, `UPDATE ledger.posting SET entry_date = '2026-10-30' WHERE seq = 3`}, []string{"entry_backdated 2026-3"}, "被改为 2026-10-30，原为 2026-11-04"},
		{"posting back-dated", []string{`UPDATE ledger.posting SET entry_date = '2026-10-30' WHERE seq = 3 AND line = 2`}, []string{"entry_dates 2026-3"}, "分录的日期不是凭证的日期"},
		{"leaf", []string{`UPDATE transparency.leaf SET hash = sha256('x') WHERE leaf_index = 3`}, []string{"entry_changed 2026-4"}, "封存后被改动过"},
		{"leaf deleted", []string{`DELETE FROM transparency.leaf WHERE leaf_index = 3`}, []string{"entry_unlogged 2026-4"}, "没有它的记录"},
		{"tree", []string{`UPDATE transparency.hash SET hash = sha256('x') WHERE hash_index = 5`}, []string{"log_changed 2026-4"}, "哈希树"},
		{"postings gone", []string{`DELETE FROM ledger.posting WHERE seq = 3`}, []string{"entry_changed 2026-3"}, "应有 2 条分录，实有 0 条"},
		{"balance", []string{`UPDATE ledger.balance SET debit = debit + 5, credit = credit + 5 WHERE account_id = 2`}, []string{"account_balance "}, "科目 1002（义诊）2026-11 借方发生额存的是 605.00"},
		{"fund balance", []string{`UPDATE ledger.fund_balance SET net_assets = 0`}, []string{"fund_balance "}, "「义诊」的余额存的是 0.00，按分录算是 600.00"},
		{"tally", []string{`UPDATE ledger.month_tally SET entries = 1`}, []string{"month_tally "}, "2026-11 记的是 1 笔，实有 6 笔"},
		{"book", []string{`UPDATE ledger.book SET net_assets = 1`}, []string{"book_totals "}, "净资产存的是 1.00"},
		{"number", []string{`UPDATE ledger.book_year SET last_number = 8`}, []string{"number_gap 2026-7–2026-8"}, "凭证号不连续"},
		{"figures of a checkpoint", []string{`UPDATE transparency.checkpoint SET root = sha256('x') WHERE number = 2`}, []string{"checkpoint_invalid 2026-3–2026-4"}, "第 2 号账目快照存下的数字"},
		{"an old checkpoint restored", []string{`UPDATE transparency.checkpoint c SET (note, root) = (SELECT note, root FROM transparency.checkpoint o WHERE o.number = 2) WHERE number = 3`}, []string{"checkpoint_invalid 2026-5–2026-6"}, "第 3 号"},
		{"the newest checkpoint removed", []string{`DELETE FROM transparency.checkpoint WHERE number = 3`}, []string{"checkpoint_missing 2026-5–2026-6"}, "第 3 号账目快照不见了"},
		{"a checkpoint removed", []string{`DELETE FROM transparency.checkpoint WHERE number = 2`}, []string{"checkpoint_missing 2026-3–2026-6"}, "第 2 号账目快照不见了"},
		{"closed month", []string{`INSERT INTO ledger.period VALUES (1, '2026-11-01', now() - interval '1 day', 'user:1', '')`}, []string{
			"entry_closed_month 2026-1", "entry_closed_month 2026-2", "entry_closed_month 2026-3", "entry_closed_month 2026-4", "entry_closed_month 2026-5", "entry_closed_month 2026-6",
		}, "结账之后才记入该月"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, found := tampered(t, c.sql...)
			expect(t, found, c.want, c.says)
		})
	}
}

// expect compares codes and vouchers, and what the first finding says.
func expect(t *testing.T, found []ledger.Finding, want []string, says string) {
	t.Helper()
	var got []string
	for _, f := range found {
		got = append(got, string(f.Code)+" "+f.Voucher)
		if f.Text("en") == f.Text("zh-CN") || !strings.HasSuffix(f.Text("en"), ".") {
			t.Errorf("not in both languages: %s", f.Text("en"))
		}
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("found %q, want %q", got, want)
	}
	if len(found) == 0 || !strings.Contains(found[0].Text("zh-CN"), says) {
		t.Errorf("%q is not said in %v", says, found)
	}
	for _, f := range found {
		t.Log(f.Text("zh-CN"), f.Text("en"))
	}
}

// reforge makes the leaf of an entry that was changed the leaf of what it is now.
func (b *books) reforge(t *testing.T, seq int64) tlog.Hash {
	t.Helper()
	e, err := ledger.EntryAt(ctx, b.Owner, b.ID, seq)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := ledger.Lines(ctx, b.Owner, b.ID, seq)
	if err != nil {
		t.Fatal(err)
	}
	hash := tlog.RecordHash(ledger.Record(b.Slug, e, lines))
	tx := b.Owner.MustBegin()
	defer tx.Rollback()
	tx.MustExec(`SET LOCAL session_replication_role = replica`)
	tx.MustExec(`UPDATE transparency.leaf SET hash = $1 WHERE leaf_index = $2`, hash[:], seq-1)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return hash
}

func TestCheckFindsAForgedLeaf(t *testing.T) {
	t.Parallel()
	b, _ := tampered(t, `UPDATE ledger.journal_entry SET memo = '误餐费' WHERE seq = 4`)
	b.reforge(t, 4)
	expect(t, b.check(t), []string{"log_changed 2026-4"}, "封存后被改动过")
}

// The forger hashes the whole tree again; only the signatures stand.
func TestCheckFindsAForgedTree(t *testing.T) {
	t.Parallel()
	b, _ := tampered(t, `UPDATE ledger.journal_entry SET memo = '误餐费' WHERE seq = 4`)
	b.reforge(t, 4)
	kept, err := transparency.All(ctx, b.App, b.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.tamper(t, `DELETE FROM transparency.hash`, `DELETE FROM transparency.checkpoint`)
	b.seal(t)
	b.tamper(t, `DELETE FROM transparency.checkpoint`)
	for _, c := range kept {
		b.Owner.MustExec(`INSERT INTO transparency.checkpoint (community_id, size, number, root, note, created_at) VALUES (1, $1, $2, $3, $4, now())`,
			c.Size, c.Number, c.Root[:], c.Note)
	}
	expect(t, b.check(t), []string{"log_differs 2026-3–2026-4"}, "第 2 号账目快照签名之后被改动过")

	// Signed again by another key: the books agree with themselves, not with the key.
	other, _, err := transparency.NewKey("fund.example.org")
	if err != nil {
		t.Fatal(err)
	}
	b.tamper(t, `DELETE FROM transparency.hash`, `DELETE FROM transparency.checkpoint`)
	b.Do(t, func(tx *sqlx.Tx) error {
		_, err := transparency.Seal(ctx, tx, b.ID, b.Slug, other, time.Now())
		return err
	})
	expect(t, b.check(t), []string{"checkpoint_invalid 2026-1–2026-6"}, "签名不是本机构的")
	if found, err := ledger.Check(ctx, b.App, b.Community, nil); err != nil || len(found) > 0 {
		t.Errorf("without a verifier: %v, %v", found, err)
	}
}
