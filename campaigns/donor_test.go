package campaigns_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/receipt"
	"fund/ledger"
)

func TestMask(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"周婆婆": "周**", "Mary Smith": "M**", " 王": "王**", "𠮷野": "𠮷**", "": "", "  ": "", "13800138000": "", "·买买提": "买**", "Élise": "É**",
	} {
		if got := campaigns.Mask(name); got != want {
			t.Errorf("Mask(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestNamesAreShownByConsentOnly(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.give(t, campaigns.Start{Amount: yuan("10"), Name: "周婆婆", ShowName: true, Message: "新年好", ShowMessage: true})
	o.give(t, campaigns.Start{Amount: yuan("20"), Name: "李叔", Message: "只给你们看"})
	o.give(t, campaigns.Start{Amount: yuan("30"), ShowName: true})
	o.start(t, campaigns.Start{Amount: yuan("40"), Name: "还没付", ShowName: true})
	other := dinner()
	other.Slug = "other"
	o.publish(t, other)
	o.give(t, campaigns.Start{Campaign: "other", Amount: yuan("50"), Name: "赵", ShowName: true})

	gifts := get2(campaigns.ListDonations(t.Context(), o.App, o.ID, o.Campaign.ID, 10))(t)
	shown := map[string]string{}
	for _, g := range gifts {
		shown[g.Amount.String()] = g.PublicName() + "/" + g.PublicMessage()
	}
	want := map[string]string{"10.00": "周**/新年好", "20.00": "/", "30.00": "/"}
	if len(shown) != len(want) {
		t.Errorf("%d gifts are listed", len(shown))
	}
	for amount, w := range want {
		if shown[amount] != w {
			t.Errorf("%s by %q, want %q", amount, shown[amount], w)
		}
	}
	if all := get2(campaigns.ListDonations(t.Context(), o.App, o.ID, 0, 3))(t); len(all) != 3 {
		t.Errorf("%d of all gifts, want the latest 3", len(all))
	}
}

func TestErasedDonorLeavesTheBooks(t *testing.T) {
	t.Parallel()
	o := open(t)
	d, r := o.give(t, campaigns.Start{Amount: yuan("66"), Name: "周婆婆", Email: "zhou@example.org", Message: "新年好", ShowName: true, ShowMessage: true})
	commitment := get2(ledger.EntryAt(t.Context(), o.App, o.ID, r.Receipt.Entry))(t).Commitment
	erase := func(id uuid.UUID) error {
		return o.Try(func(tx *sqlx.Tx) error { return campaigns.EraseDonor(t.Context(), tx, o.ID, id, morning) })
	}
	if err := erase(*d.DonorID); err != nil {
		t.Fatal(err)
	}
	wantErr(t, "erase nobody", erase(uuid.New()), campaigns.ErrNotFound)
	donor := get2(campaigns.FindDonor(t.Context(), o.App, o.ID, *d.DonorID))(t)
	if donor.Name+donor.Email+string(donor.Salt) != "" || donor.ErasedAt == nil {
		t.Errorf("left of the donor: %+v", donor)
	}
	after := o.donation(t, d.ID)
	if after.Message != "" || after.PublicName() != "" || after.State != campaigns.Paid || !after.Amount.Equal(d.Amount) {
		t.Errorf("left of the donation: %+v", after)
	}
	if found := get2(ledger.EntryAt(t.Context(), o.App, o.ID, r.Receipt.Entry))(t); string(found.Commitment) != string(commitment) {
		t.Error("the entry changed")
	}
	if _, found, err := receipt.ByToken(t.Context(), o.App, r.Receipt.Token); err != nil || found.Number != 1 {
		t.Errorf("the receipt: %+v, %v", found, err)
	}
	// Nothing that the database holds names her any more.
	for _, table := range []string{"campaigns.donor", "campaigns.donation", "ledger.journal_entry", "outbox.message", "receipt.receipt", "payment.sandbox_order"} {
		if n := get[int](t, o, `SELECT count(*) FROM `+table+` x WHERE x::text LIKE '%周婆婆%' OR x::text LIKE '%zhou@%' OR x::text LIKE '%新年好%'`); n != 0 {
			t.Errorf("%s still knows her", table)
		}
	}
	o.sound(t)
}
