package voice_test

import (
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/voice"
)

// propose fills a proposal in, with two pictures, and leaves it with its resident.
func (h *house) propose(t testing.TB) (p voice.Proposal) {
	t.Helper()
	from, to := time.Now().AddDate(0, 0, 14), time.Now().AddDate(0, 1, 14)
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		if p, err = voice.StartProposal(t.Context(), tx, h.ID, "zh-CN", time.Now()); err != nil {
			return err
		}
		p.Title, p.Story, p.StartsOn, p.EndsOn = "给 3 号院装一排扶手", "楼梯陡。", &from, &to
		p.Budget = voice.Budget{{Name: "扶手", Amount: yuan("1200.50")}, {Name: "安装", Amount: yuan("300")}}
		if err = voice.SaveProposal(t.Context(), tx, h.ID, p); err != nil {
			return err
		}
		for range 2 {
			if _, err = voice.AddPhoto(t.Context(), tx, h.ID, voice.OfProposal(p.ID), picture(t), "楼梯", ""); err != nil {
				return err
			}
		}
		return voice.SaveContact(t.Context(), tx, h.ID, p.ID, voice.Contact{Name: "周婆婆", Phone: "13800000000", Email: "zhou@example.cn"})
	})
	return h.proposal(t, p.ID)
}

func (h *house) proposal(t testing.TB, id uuid.UUID) voice.Proposal {
	t.Helper()
	p, err := voice.ProposalAt(t.Context(), h.App, h.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The way of a proposal: submitted, sent back, submitted again, accepted; each move with who, when and why.
func TestAProposalBecomesACampaign(t *testing.T) {
	t.Parallel()
	h, box := open(t), &postbox{}
	p := h.propose(t)
	submit := func(tx *sqlx.Tx) error { return voice.Submit(t.Context(), tx, h.ID, p.Token, time.Now()) }
	h.Do(t, submit)
	h.Do(t, func(tx *sqlx.Tx) error {
		return voice.AskForChanges(t.Context(), tx, h.ID, p.ID, "user:1", "写上人工", time.Now())
	})
	h.Do(t, submit)
	var made campaigns.Campaign
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		made, err = voice.Accept(t.Context(), tx, h.ID, p.ID, "handrail", "user:2", "", time.Now())
		return err
	})
	got, err := campaigns.CampaignAt(t.Context(), h.App, h.ID, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got.State != campaigns.Draft || got.TitleZH != p.Title || got.Goal.String() != "1500.50" || len(got.Budget) != 2 || got.ContactPhone != "" || got.PictureID == nil {
		t.Errorf("the campaign is %+v", got)
	}
	if gallery, err := voice.Photos(t.Context(), h.App, h.ID, voice.OfCampaign(made.ID)); err != nil || len(gallery) != 1 || gallery[0].ID == *got.PictureID {
		t.Errorf("the gallery is %v, %v", gallery, err)
	}
	moves := get[string](t, h, `SELECT string_agg(state || ' ' || by_whom || ' ' || why, E'\n' ORDER BY n) FROM voice.step`)
	if want := "draft campaigner \nsubmitted campaigner \nchanges user:1 写上人工\nsubmitted campaigner \naccepted user:2 "; moves != want {
		t.Errorf("moves:\n%s", moves)
	}
	if p := h.proposal(t, p.ID); p.State != voice.Accepted || p.CampaignID == nil || *p.CampaignID != made.ID || p.Name != "周婆婆" {
		t.Errorf("the proposal is %+v", p)
	}
	h.deliver(t, 2, box.send)
	if n := box.to()["zhou@example.cn"]; n != 4 {
		t.Errorf("%d letters to the resident, want one a move", n)
	}
	told := map[voice.ProposalState]int{}
	for _, l := range box.letters {
		told[l.Step.State]++
	}
	if want := map[voice.ProposalState]int{voice.Submitted: 2, voice.Changes: 1, voice.Accepted: 1}; !maps.Equal(told, want) {
		t.Errorf("the letters tell of %v", told)
	}
	h.Do(t, func(tx *sqlx.Tx) error { return voice.EraseContact(t.Context(), tx, h.ID, p.ID) })
	if p := h.proposal(t, p.ID); p.Contact != (voice.Contact{}) || p.Title == "" {
		t.Errorf("erased: %+v", p)
	}
}

// The token's holder writes while the proposal is theirs, and at no other time.
func TestAResidentChangesOnlyTheirOwnDraft(t *testing.T) {
	t.Parallel()
	h := open(t)
	p, other := h.propose(t), h.propose(t)
	photos, err := voice.Photos(t.Context(), h.App, h.ID, voice.OfProposal(p.ID))
	if err != nil {
		t.Fatal(err)
	}
	deeds := map[string]func(tx *sqlx.Tx) error{
		"save": func(tx *sqlx.Tx) error { return voice.SaveProposal(t.Context(), tx, h.ID, p) },
		"contact": func(tx *sqlx.Tx) error {
			return voice.SaveContact(t.Context(), tx, h.ID, p.ID, voice.Contact{Name: "别人"})
		},
		"photo": func(tx *sqlx.Tx) error {
			_, err := voice.AddPhoto(t.Context(), tx, h.ID, voice.OfProposal(p.ID), picture(t), "楼梯", "")
			return err
		},
		"caption": func(tx *sqlx.Tx) error {
			return voice.CaptionPhoto(t.Context(), tx, h.ID, voice.OfProposal(p.ID), photos[0].ID, "楼梯")
		},
		"raise": func(tx *sqlx.Tx) error {
			return voice.RaisePhoto(t.Context(), tx, h.ID, voice.OfProposal(p.ID), photos[1].ID)
		},
		"remove": func(tx *sqlx.Tx) error {
			return voice.RemovePhoto(t.Context(), tx, h.ID, voice.OfProposal(p.ID), photos[0].ID)
		},
		"submit": func(tx *sqlx.Tx) error { return voice.Submit(t.Context(), tx, h.ID, p.Token, time.Now()) },
	}
	undone := errors.New("undone")
	tryAll := func(state voice.ProposalState, want error) {
		t.Helper()
		for name, deed := range deeds {
			err := h.Try(func(tx *sqlx.Tx) error {
				if err := deed(tx); err != nil {
					return err
				}
				return undone
			})
			if !errors.Is(err, want) {
				t.Errorf("%s while it is %s: %v", name, state, err)
			}
		}
	}
	tryAll(voice.Draft, undone)
	h.Do(t, deeds["submit"])
	tryAll(voice.Submitted, voice.ErrNotYours)
	h.Do(t, func(tx *sqlx.Tx) error {
		return voice.AskForChanges(t.Context(), tx, h.ID, p.ID, "user:1", "改", time.Now())
	})
	tryAll(voice.Changes, undone)
	h.Do(t, deeds["submit"])
	h.Do(t, func(tx *sqlx.Tx) error {
		return voice.Decline(t.Context(), tx, h.ID, p.ID, "user:1", "不办", time.Now())
	})
	tryAll(voice.Declined, voice.ErrNotYours)
	err = h.Try(func(tx *sqlx.Tx) error {
		return voice.RemovePhoto(t.Context(), tx, h.ID, voice.OfProposal(other.ID), photos[0].ID)
	})
	if !errors.Is(err, voice.ErrNotFound) {
		t.Errorf("another's picture was removed: %v", err)
	}
}

// The staff decide what was submitted, with a reason where it is needed.
func TestTheStaffDecideWhatWasSubmitted(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.propose(t)
	ask := func(why string) error {
		return h.Try(func(tx *sqlx.Tx) error {
			return voice.AskForChanges(t.Context(), tx, h.ID, p.ID, "user:1", why, time.Now())
		})
	}
	accept := func(slug string) error {
		return h.Try(func(tx *sqlx.Tx) error {
			_, err := voice.Accept(t.Context(), tx, h.ID, p.ID, slug, "user:1", "", time.Now())
			return err
		})
	}
	if err := accept("handrail"); !errors.Is(err, voice.ErrState) {
		t.Errorf("a draft was accepted: %v", err)
	}
	if err := ask("改"); !errors.Is(err, voice.ErrState) {
		t.Errorf("a draft was sent back: %v", err)
	}
	h.Do(t, func(tx *sqlx.Tx) error { return voice.Submit(t.Context(), tx, h.ID, p.Token, time.Now()) })
	if err := ask(""); !errors.Is(err, voice.ErrNoReason) {
		t.Errorf("sent back without a word: %v", err)
	}
	if err := accept("dinner"); !errors.Is(err, campaigns.ErrExists) {
		t.Errorf("accepted under a slug that is taken: %v", err)
	}
	if w, err := voice.WaitingOf(t.Context(), h.App, h.Community, time.Now()); err != nil || w.Proposals != 1 {
		t.Errorf("waiting %+v, %v", w, err)
	}
	incomplete := voice.Proposal{}
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		incomplete, err = voice.StartProposal(t.Context(), tx, h.ID, "en", time.Now())
		return err
	})
	err := h.Try(func(tx *sqlx.Tx) error { return voice.Submit(t.Context(), tx, h.ID, incomplete.Token, time.Now()) })
	if !errors.Is(err, voice.ErrIncomplete) {
		t.Errorf("submitted empty: %v", err)
	}
}

// What a resident takes back, or leaves lying, is gone: words, pictures, name.
func TestWithdrawnIsForgotten(t *testing.T) {
	t.Parallel()
	h := open(t)
	p, idle := h.propose(t), h.propose(t)
	h.Do(t, func(tx *sqlx.Tx) error { return voice.Submit(t.Context(), tx, h.ID, p.Token, time.Now()) })
	h.Do(t, func(tx *sqlx.Tx) error { return voice.Withdraw(t.Context(), tx, h.ID, p.Token, time.Now()) })
	h.Do(t, func(tx *sqlx.Tx) error {
		return voice.Sweep(t.Context(), tx, h.ID, idle.MovedAt.Add(-time.Hour), time.Now())
	})
	if h.proposal(t, idle.ID).State != voice.Draft {
		t.Error("a young draft was swept away")
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		return voice.Sweep(t.Context(), tx, h.ID, time.Now().Add(time.Hour), time.Now())
	})
	left := get[string](t, h, `
		SELECT (SELECT count(*) FROM voice.contact) || ' ' || (SELECT count(*) FROM voice.photo) || ' ' || (SELECT count(*) FROM campaigns.picture) || ' ' ||
		       (SELECT string_agg(title || purpose || story || budget::text, '') FROM voice.proposal)`)
	if left != "0 0 0 [][]" {
		t.Errorf("left: %s", left)
	}
}

func TestPicturesInTheirOrder(t *testing.T) {
	t.Parallel()
	h := open(t)
	gallery := voice.OfCampaign(h.Dinner.ID)
	var ids []uuid.UUID
	for range gallery.Max() {
		h.Do(t, func(tx *sqlx.Tx) error {
			id, err := voice.AddPhoto(t.Context(), tx, h.ID, gallery, picture(t), "一锅", "第一锅")
			ids = append(ids, id)
			return err
		})
	}
	err := h.Try(func(tx *sqlx.Tx) error {
		_, err := voice.AddPhoto(t.Context(), tx, h.ID, gallery, picture(t), "", "")
		return err
	})
	if !errors.Is(err, voice.ErrTooMany) {
		t.Errorf("one more than there is room for: %v", err)
	}
	for range 2 {
		h.Do(t, func(tx *sqlx.Tx) error { return voice.ChangePhoto(t.Context(), tx, h.ID, gallery, ids[2], "up", "") })
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		return voice.ChangePhoto(t.Context(), tx, h.ID, gallery, ids[0], "remove", "")
	})
	h.Do(t, func(tx *sqlx.Tx) error {
		return voice.ChangePhoto(t.Context(), tx, h.ID, gallery, ids[1], "save", "第二锅")
	})
	got, err := voice.Photos(t.Context(), h.App, h.ID, gallery)
	if err != nil || len(got) != gallery.Max()-1 || got[0].ID != ids[2] || got[1].ID != ids[1] || got[1].Caption != "第二锅" || got[0].Width != 40 || got[0].Alt != "一锅" {
		t.Errorf("%d pictures, %v: %+v", len(got), err, got[:2])
	}
	if hidden, err := voice.Hidden(t.Context(), h.App, h.ID, ids[1]); err != nil || hidden {
		t.Errorf("a published campaign's picture is hidden: %v, %v", hidden, err)
	}
	p := h.write(t, h.Dinner.ID, voice.Update)
	var of uuid.UUID
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		of, err = voice.AddPhoto(t.Context(), tx, h.ID, voice.OfPost(p.ID), picture(t), "一锅", "")
		return err
	})
	for _, want := range []bool{true, false} {
		if hidden, err := voice.Hidden(t.Context(), h.App, h.ID, of); err != nil || hidden != want {
			t.Errorf("the picture of an update is hidden: %v, %v", hidden, err)
		}
		if want {
			h.tell(t, p)
		}
	}
}

// A lost address is replaced: the old one opens nothing, the new one goes out by letter.
func TestAnotherAddress(t *testing.T) {
	t.Parallel()
	h, box := open(t), &postbox{}
	p := h.propose(t)
	var token string
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		token, err = voice.RenewToken(t.Context(), tx, h.ID, p.ID)
		return err
	})
	if _, err := voice.FindProposal(t.Context(), h.App, h.ID, p.Token); !errors.Is(err, voice.ErrNotFound) {
		t.Errorf("the old address: %v", err)
	}
	h.deliver(t, 1, box.send)
	if len(box.letters) != 1 || box.letters[0].Proposal.Token != token || token == p.Token {
		t.Errorf("letters %+v", box.letters)
	}
}
