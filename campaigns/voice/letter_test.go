package voice_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/outbox"
	"fund/campaigns/voice"
)

// Two servers' outboxes, several batches: each giver gets one letter, however many gifts they gave.
func TestAnUpdateGoesOnceToEachGiver(t *testing.T) {
	t.Parallel()
	h, box, want := open(t), &postbox{}, map[string]int{}
	for i := range 50 {
		email := fmt.Sprintf("giver%d@example.cn", i)
		h.give(t, "dinner", email)
		want[email] = 1
	}
	h.give(t, "dinner", "Giver7@example.cn") // again, written another way
	h.give(t, "dinner", "")                  // nobody to write to
	h.give(t, "chairs", "elsewhere@example.cn")
	if n := h.tell(t, h.write(t, h.Dinner.ID, voice.Update)); n != len(want) {
		t.Errorf("%d letters were written down, want %d", n, len(want))
	}
	failed := 0
	box.refuse = func(voice.Letter) error { // the server stumbles now and then
		if failed++; failed%9 == 1 {
			return errors.New("451 later")
		}
		return nil
	}
	h.deliver(t, 2, box.send)
	got := map[string]int{}
	for email, n := range box.to() {
		got[map[bool]string{true: "giver7@example.cn", false: email}[email == "Giver7@example.cn"]] += n
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("letters by address (-want +got):\n%s", diff)
	}
	if n := get[int](t, h, `SELECT count(*) FROM voice.letter WHERE sent AND done_at IS NOT NULL`); n != len(want) {
		t.Errorf("%d letters are noted as sent", n)
	}
	keys := map[uuid.UUID]bool{}
	for _, l := range box.letters {
		keys[l.Key] = true
	}
	if len(keys) != len(want) {
		t.Errorf("%d letters have %d keys", len(want), len(keys))
	}
}

// A worker that takes a message whose letters another has claimed sends nothing a second time.
func TestALetterThatIsClaimedIsLeftAlone(t *testing.T) {
	t.Parallel()
	h, sent := open(t), 0
	h.give(t, "dinner", "zhou@example.cn")
	h.tell(t, h.write(t, h.Dinner.ID, voice.Update))
	waiting, err := outbox.Pending(t.Context(), h.App, h.ID, 10)
	if err != nil {
		t.Fatal(err)
	}
	var second error
	for _, m := range waiting {
		if m.Kind != "post_published" {
			continue
		}
		send := func(ctx context.Context, _ voice.Letter) error {
			sent++
			second = voice.Handlers(voice.Following{DB: h.App, Send: func(context.Context, voice.Letter) error { sent++; return nil }})["post_published"](ctx, m)
			return nil
		}
		if err := voice.Handlers(voice.Following{DB: h.App, Send: send})["post_published"](t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if sent != 1 || second == nil {
		t.Errorf("%d letters were sent; the second worker was told %v", sent, second)
	}
}

func TestWhoLeftGetsNoLetter(t *testing.T) {
	t.Parallel()
	h, box := open(t), &postbox{}
	h.give(t, "dinner", "stays@example.cn")
	early := h.give(t, "dinner", "early@example.cn") // given back before the update
	late := h.give(t, "dinner", "late@example.cn")   // and between the update and its letter
	erased := h.give(t, "dinner", "erased@example.cn")
	h.give(t, "dinner", "ended@example.cn")
	twice := h.give(t, "dinner", "twice@example.cn")
	h.give(t, "dinner", "twice@example.cn")
	back := func(d campaigns.Donation) {
		h.Do(t, func(tx *sqlx.Tx) error {
			_, err := campaigns.RefundDonation(t.Context(), tx, h.Community, d.ID, uuid.Must(uuid.NewV7()), d.Amount, "多付了", "user:1", time.Now())
			return err
		})
	}
	back(early)
	back(twice) // one of two gifts: still a giver
	token := get[string](t, h, `SELECT f.token FROM voice.follow f JOIN campaigns.donation d ON d.id = f.donation_id JOIN campaigns.donor n ON n.id = d.donor_id WHERE n.email = 'ended@example.cn'`)
	h.Do(t, func(tx *sqlx.Tx) error { return voice.Unfollow(t.Context(), tx, h.ID, token, false, time.Now()) })
	if n := h.tell(t, h.write(t, h.Dinner.ID, voice.Update)); n != 4 {
		t.Errorf("%d letters, want those of stays, late, erased and twice", n)
	}
	back(late)
	h.Do(t, func(tx *sqlx.Tx) error {
		return campaigns.EraseDonor(t.Context(), tx, h.ID, *erased.DonorID, time.Now())
	})
	h.deliver(t, 1, box.send)
	if diff := cmp.Diff(map[string]int{"stays@example.cn": 1, "twice@example.cn": 1}, box.to()); diff != "" {
		t.Errorf("letters (-want +got):\n%s", diff)
	}
}

// An order that ended unpaid is begun again by the same giver: what they asked for with the first holds for the second.
func TestAGiftThatTookTheFirstOnesPlace(t *testing.T) {
	t.Parallel()
	h, box := open(t), &postbox{}
	first := h.start(t, campaigns.Start{Campaign: "dinner", Email: "zhou@example.cn"})
	h.follow(t, first)
	if n := h.tell(t, h.write(t, h.Dinner.ID, voice.Update)); n != 0 {
		t.Errorf("%d letters to who has not paid", n)
	}
	second := h.start(t, campaigns.Start{Campaign: "dinner", Donor: *first.DonorID})
	h.pay(t, second)
	h.tell(t, h.write(t, h.Dinner.ID, voice.Update))
	h.deliver(t, 1, box.send)
	if got := box.to(); !maps.Equal(got, map[string]int{"zhou@example.cn": 1}) {
		t.Errorf("letters %v", got)
	}
	if s, err := voice.SubscriptionOf(t.Context(), h.App, h.ID, second.ID); err != nil || s == nil || s.DonationID != first.ID {
		t.Errorf("the second gift's letters: %+v, %v", s, err)
	}
}

// The unsubscribing link ends the letters of all gifts to one campaign, or of all campaigns; not those of others.
func TestUnfollow(t *testing.T) {
	t.Parallel()
	h := open(t)
	one, _ := h.give(t, "dinner", "zhou@example.cn"), h.give(t, "dinner", "ZHOU@example.cn")
	h.give(t, "chairs", "zhou@example.cn")
	h.give(t, "dinner", "other@example.cn")
	token := get[string](t, h, `SELECT token FROM voice.follow WHERE donation_id = $1`, one.ID)
	open := func() int { return get[int](t, h, `SELECT count(*) FROM voice.follow WHERE ended_at IS NULL`) }
	end := func(token string, all bool) error {
		return h.Try(func(tx *sqlx.Tx) error { return voice.Unfollow(t.Context(), tx, h.ID, token, all, time.Now()) })
	}
	if err := end("aaaaaaaaaaaaaaaaaaaaaaaaaa", true); !errors.Is(err, voice.ErrNotFound) || open() != 4 {
		t.Errorf("a token nobody has: %v, %d follow", err, open())
	}
	if err := end(token, false); err != nil || open() != 2 {
		t.Errorf("one campaign: %v, %d follow", err, open())
	}
	for range 2 { // again is fine
		if err := end(token, true); err != nil || open() != 1 {
			t.Errorf("all campaigns: %v, %d follow", err, open())
		}
	}
}

// Who gave to several campaigns is thanked once for each.
func TestThanksOncePerCampaign(t *testing.T) {
	t.Parallel()
	h, box := open(t), &postbox{}
	h.give(t, "dinner", "zhou@example.cn")
	h.give(t, "dinner", "zhou@example.cn")
	h.give(t, "chairs", "zhou@example.cn")
	thanks := h.write(t, h.Dinner.ID, voice.Thanks)
	h.tell(t, thanks)
	h.tell(t, h.write(t, h.Chairs.ID, voice.Thanks))
	err := h.Try(func(tx *sqlx.Tx) error {
		_, err := voice.WritePost(t.Context(), tx, h.ID, voice.Post{CampaignID: h.Dinner.ID, Kind: voice.Thanks, TitleZH: "再谢", By: "user:1", CreatedAt: time.Now()})
		return err
	})
	if !errors.Is(err, voice.ErrThanked) {
		t.Errorf("a second note of thanks: %v", err)
	}
	h.deliver(t, 2, box.send)
	if got := box.to(); !maps.Equal(got, map[string]int{"zhou@example.cn": 2}) {
		t.Errorf("letters %v", got)
	}
	if p, err := voice.ThanksOf(t.Context(), h.App, h.ID, h.Dinner.ID); err != nil || p == nil || p.ID != thanks.ID {
		t.Errorf("the thanks are %v, %v", p, err)
	}
}

// A post that is taken back sends no more letters, and nothing is published twice.
func TestAPostTakenBack(t *testing.T) {
	t.Parallel()
	h, box := open(t), &postbox{}
	h.give(t, "dinner", "zhou@example.cn")
	p := h.write(t, h.Dinner.ID, voice.Update)
	h.tell(t, p)
	publish := func() error {
		return h.Try(func(tx *sqlx.Tx) error {
			_, err := voice.PublishPost(t.Context(), tx, h.ID, p.ID, "user:1", time.Now())
			return err
		})
	}
	if err := publish(); !errors.Is(err, voice.ErrState) {
		t.Errorf("published twice: %v", err)
	}
	no := func(why string) error {
		return h.Try(func(tx *sqlx.Tx) error {
			return voice.DeclinePost(t.Context(), tx, h.ID, p.ID, "user:1", why, time.Now())
		})
	}
	if err := no(""); !errors.Is(err, voice.ErrNoReason) {
		t.Errorf("taken back without a reason: %v", err)
	}
	if err := no("写错了"); err != nil {
		t.Fatal(err)
	}
	if err := publish(); !errors.Is(err, voice.ErrState) {
		t.Errorf("published after it was taken back: %v", err)
	}
	h.deliver(t, 1, box.send)
	if len(box.letters) != 0 {
		t.Errorf("letters of a post that was taken back: %v", box.to())
	}
}

// A letter that no address takes does not keep the others from theirs.
func TestOneHopelessAddressHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	h, box := open(t), &postbox{}
	for _, email := range []string{"a@example.cn", "bad@example.cn", "c@example.cn"} {
		h.give(t, "dinner", email)
	}
	box.refuse = func(l voice.Letter) error {
		if l.Email == "bad@example.cn" {
			return fmt.Errorf("550: %w", outbox.ErrHopeless)
		}
		return nil
	}
	h.tell(t, h.write(t, h.Dinner.ID, voice.Update))
	h.deliver(t, 1, box.send)
	if got := box.to(); !maps.Equal(got, map[string]int{"a@example.cn": 1, "c@example.cn": 1}) {
		t.Errorf("letters %v", got)
	}
	if n := get[int](t, h, `SELECT count(*) FROM outbox.message WHERE dead_at IS NOT NULL`); n != 0 {
		t.Errorf("%d messages died", n)
	}
}
