package public

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/mod/sumdb/tlog"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/transparency"
	"fund/web/i18n"
	"fund/web/page"
)

// voucherView is one entry, opened: its postings, what it undoes or was undone by, and the proof that it is in the log.
type voucherView struct {
	ledger.JournalEntry
	Lines         []ledger.Line
	Debit, Credit money.Amount
	Kind, Who     string
	Undoes        *ledger.JournalEntry
	UndoneBy      *ledger.JournalEntry
	Proof         proofView
	Evidence      []campaigns.Evidence
	Own           ownCheck
	Approved      *approvedView // how the request was approved that it pays
}

// proofView says in words what was checked just now, with nothing but the record, the proof and the public key.
type proofView struct {
	Sealed     bool // a checkpoint covers the entry
	True       bool // the record leads to the signed root
	Checkpoint transparency.Checkpoint
	By         []transparency.Countersigned // who countersigned it
	Steps      int
	Key        string // the name of the key
	Hash       string // the leaf, in hex
}

// Entry shows one entry of the ledger.
func (p *Pages) Entry(c *fiber.Ctx) error {
	year, number, ok := ledger.ParseSerial(c.Params("voucher"))
	if !ok {
		return page.ErrNotFound
	}
	return p.kept(c, "public/entry", func(b books) (any, error) { return b.entryPage(p, year, number, page.BlankForm(c)) })
}

func (b books) voucher(year, number int, key transparency.Key) (v voucherView, err error) {
	if v.JournalEntry, err = ledger.FindEntry(b, b.q, b.ID, year, number); err != nil {
		return v, err
	}
	if v.Lines, err = ledger.Lines(b, b.q, b.ID, v.Seq); err != nil {
		return v, err
	}
	for _, l := range v.Lines {
		if l.Amount.Sign() > 0 {
			v.Debit = v.Debit.Add(l.Amount)
		} else {
			v.Credit = v.Credit.Sub(l.Amount)
		}
	}
	shown, err := campaigns.EvidenceOf(b, b.q, b.ID, v.Seq)
	if err != nil {
		return v, err
	}
	v.Evidence = shown[v.Seq]
	if v.Approved, err = b.approved(v.Seq); err != nil {
		return v, err
	}
	v.Kind, v.Who = b.kind(v.JournalEntry.Kind), b.who(v.PostedBy)
	if v.Undoes, err = b.other(v.Reverses); err != nil {
		return v, err
	}
	if v.UndoneBy, err = b.other(v.ReversedBy); err != nil {
		return v, err
	}
	if v.Proof, err = b.prove(v.Seq, key); err != nil || !v.Proof.Sealed {
		return v, err
	}
	v.Own = ownCheck{Key: key.Public(), Proof: b.below("/ledger/" + v.Voucher() + "/proof.txt")}
	v.Own.Witnesses, err = transparency.Witnesses(b, b.q, b.ID)
	return v, err
}

func (b books) other(seq int64) (*ledger.JournalEntry, error) {
	if seq == 0 {
		return nil, nil
	}
	e, err := ledger.EntryAt(b, b.q, b.ID, seq)
	return &e, err
}

// kind is the name of a kind of entry.
func (b books) kind(kind string) string {
	if key := "entry.kind." + kind; i18n.Has(key) {
		return b.r.T(key)
	}
	return b.r.T("entry.kind.rest")
}

// who says who posted an entry without naming them: the public sees the role, the auditor the person.
func (b books) who(postedBy string) string {
	if number, ok := strings.CutPrefix(postedBy, "user:"); ok {
		return b.r.T("entry.by_user", "number", number[max(0, len(number)-4):]) // an id is long; its end tells people apart
	}
	if postedBy == "system" {
		return b.r.T("entry.by_system")
	}
	return b.r.T("entry.by_staff")
}

// prove checks an entry as anybody could.
func (b books) prove(seq int64, key transparency.Key) (v proofView, err error) {
	evidence, err := ledger.Prove(b, b.q, b.Community, seq)
	if errors.Is(err, transparency.ErrNotSealed) {
		return v, nil
	}
	if err != nil {
		return v, err
	}
	leaf := tlog.RecordHash(evidence.Record)
	v = proofView{
		Sealed: true, Checkpoint: evidence.Under, By: evidence.By, Steps: len(evidence.Proof.Path), Key: key.Verifier().Name(), Hash: hex.EncodeToString(leaf[:]),
	}
	_, wrong := evidence.Proof.Verify(evidence.Record, key.Verifier())
	v.True = wrong == nil
	return v, err
}

// EntryProof gives an entry's record and the proof that it stands in the log, as `fund verify receipt` reads them.
func (p *Pages) EntryProof(c *fiber.Ctx) error {
	year, number, ok := ledger.ParseSerial(c.Params("voucher"))
	if !ok {
		return page.ErrNotFound
	}
	return p.snapshot(c, func(b books) error {
		entry, err := ledger.FindEntry(b, b.q, b.ID, year, number)
		if err != nil {
			return err
		}
		evidence, err := ledger.Prove(b, b.q, b.Community, entry.Seq)
		if err != nil {
			return err
		}
		c.Attachment(fmt.Sprintf("%s-%s.proof.txt", b.Slug, entry.Voucher()))
		return plainText(c, string(evidence.Record)+evidence.Proof.Text())
	})
}

func plainText(c *fiber.Ctx, text string) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return c.SendString(text)
}
