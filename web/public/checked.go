package public

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"fund/campaigns"
	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/transparency"
	"fund/web/i18n"
	"fund/web/issue"
)

// checkView is what came of checking a file: in one word, step by step, and what it means.
type checkView struct {
	Kind    string // receipt, report, entry, paper, fork, checkpoint; or unknown
	Verdict string // true, false, old: true when it was made, forked, unknown
	Subject string // what it is, in a line
	Link    string // to what we show of it
	Steps   []step
	By      []transparency.Countersigned
	Own     ownCheck
}

// step is one thing that was looked at.
type step struct {
	State string // ok, bad, or skip where one before it was bad
	Text  string
}

// ownCheck lets the reader's browser do the same by itself.
type ownCheck struct {
	Key       string // the log's public key
	Proof     string // the address of the proof; empty: the browser has the file
	Between   string // of the proof that a newer checkpoint continues one that the browser has
	Newer     string // of that newer one
	Witnesses []transparency.Witness
}

// check is a file being checked, at one moment of the books.
type check struct {
	books
	key  transparency.Key
	site string // where readers reach us
	v    *checkView
}

func (k check) step(state, name string, pairs ...any) bool {
	k.v.Steps = append(k.v.Steps, step{state, k.r.T("check."+name+"."+state, pairs...)})
	if state == "bad" {
		k.v.Verdict = "false"
	}
	return state == "ok"
}

// that adds a step that is as good as a condition.
func (k check) that(good bool, name string, pairs ...any) bool {
	if good {
		return k.step("ok", name, pairs...)
	}
	return k.step("bad", name, pairs...)
}

// text checks what is neither a PDF nor a photograph.
func (k check) text(text string) error {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if fork, err := transparency.ParseFork(text); err == nil {
		return k.fork(fork)
	}
	if record, proof, err := transparency.ParseEvidence(text); err == nil {
		return k.evidence(text, record, proof)
	}
	if strings.Count(text, "\n\n") == 1 && strings.Contains(text, "\n— ") {
		return k.checkpoint(strings.TrimSpace(text) + "\n")
	}
	k.v.Kind, k.v.Verdict = "unknown", "unknown"
	return nil
}

// evidence checks an entry's record, or a paper's, with its proof.
func (k check) evidence(text string, record []byte, proof transparency.InclusionProof) error {
	k.v.Kind, k.v.Verdict = "entry", "true"
	slug, entry, lines, err := ledger.ParseRecord(record)
	if proof.Tree == transparency.Papers {
		return k.paper(record, proof)
	}
	if !k.that(err == nil, "read") {
		return nil
	}
	k.v.Subject = k.r.T("check.entry", "number", entry.Voucher(), "day", k.r.Lang.Date(entry.Date), "memo", entry.Memo, "amount", debits(lines).Yuan())
	k.v.Link = k.below("/ledger/" + entry.Voucher())
	if ok, err := k.proven(record, proof, slug); !ok || err != nil {
		return err
	}
	shown, err := ledger.Records(k, k.q, k.Community, entry.Seq, 1)
	if err != nil {
		return err
	}
	if !k.that(string(shown[0]) == string(record), "same") {
		return nil
	}
	return k.claim(text, entry)
}

func debits(lines []ledger.Line) (sum money.Amount) {
	for _, l := range lines {
		if l.Amount.Sign() > 0 {
			sum = sum.Add(l.Amount)
		}
	}
	return sum
}

// proven follows a record to a signature, and that to what we published.
func (k check) proven(record []byte, proof transparency.InclusionProof, slug string) (bool, error) {
	signed, err := transparency.OpenCheckpoint(proof.Signed, k.key.Verifier())
	if !k.that(err == nil, "signed", "key", k.key.Verifier().Name()) {
		return false, nil
	}
	_, err = proof.Verify(record, k.key.Verifier())
	size, _ := signed.Of(proof.Tree)
	if !k.that(err == nil, "path", "steps", len(proof.Path), "size", i18n.Count(size)) {
		return false, nil
	}
	if signed.Origin != k.key.Origin(k.Slug) || slug != k.Slug {
		return k.step("bad", "other", "origin", signed.Origin), nil
	}
	_, ok, err := k.published(proof.Signed)
	return ok, err
}

// published tells whether we ever showed a checkpoint: one with our signature that we do not keep means two histories.
func (k check) published(signed string) (ours transparency.Checkpoint, ok bool, err error) {
	ours, err = transparency.Published(k, k.q, k.ID, signed)
	if errors.Is(err, transparency.ErrUnknownCheckpoint) {
		return ours, k.step("bad", "ours"), nil
	}
	if err != nil {
		return ours, false, err
	}
	k.v.By, err = transparency.CountersignaturesOf(k, k.q, k.ID, ours.Number)
	return ours, k.step("ok", "ours", "number", ours.Number, "at", k.r.Lang.Moment(k.r.Local(ours.At))), err
}

// claim compares what stands beside a proof: the number and amount of a receipt.
func (k check) claim(text string, entry ledger.JournalEntry) error {
	var said proof
	if json.Unmarshal([]byte(text), &said) != nil || said.Receipt == "" {
		return nil
	}
	of, err := subjectOf(entry.Source)
	if err != nil {
		return k.noReceipt(said)
	}
	issued, err := receipt.Of(k, k.q, k.ID, of)
	if errors.Is(err, receipt.ErrNotFound) {
		return k.noReceipt(said)
	}
	if err == nil {
		k.that(issued.Serial() == said.Receipt && issued.Amount.String() == said.Amount, "claim", "number", said.Receipt, "amount", "¥"+said.Amount)
	}
	return err
}

func (k check) noReceipt(said proof) error {
	k.step("bad", "claim", "number", said.Receipt, "amount", "¥"+said.Amount)
	return nil
}

func (k check) paper(record []byte, proof transparency.InclusionProof) error {
	slug, paper, err := campaigns.ParsePaper(record)
	k.v.Kind = "paper"
	if !k.that(err == nil, "read") {
		return nil
	}
	k.v.Subject = k.r.T("check.paper", "number", paper.Number, "entry", paper.EntrySeq)
	_, err = k.proven(record, proof, slug)
	return err
}

// checkpoint checks one that somebody kept: it is ours, and what we show today begins with all of it.
func (k check) checkpoint(signed string) error {
	k.v.Kind, k.v.Verdict = "checkpoint", "true"
	older, err := transparency.OpenCheckpoint(signed, k.key.Verifier())
	if !k.that(err == nil, "signed", "key", k.key.Verifier().Name()) {
		return nil
	}
	if older.Origin != k.key.Origin(k.Slug) {
		k.step("bad", "other", "origin", older.Origin)
		return nil
	}
	k.v.Subject = k.r.T("check.checkpoint", "many", i18n.Count(older.Size))
	ours, ok, err := k.published(signed)
	if !ok || err != nil {
		return err
	}
	newest, err := transparency.Latest(k, k.q, k.ID)
	if err != nil {
		return err
	}
	k.v.Own.Newer = k.below(fmt.Sprintf("/log/checkpoint/%d", newest.Number))
	k.v.Own.Between = k.below(fmt.Sprintf("/log/between/%d/%d", ours.Number, newest.Number))
	if newest, err = transparency.OpenCheckpoint(newest.Note, k.key.Verifier()); err != nil {
		return err
	}
	entries, err := transparency.Entries.ProveExtends(k, k.q, k.ID, older, newest)
	if err != nil {
		return err
	}
	papers, err := transparency.Papers.ProveExtends(k, k.q, k.ID, older, newest)
	if err == nil {
		k.that(transparency.Extends(older, newest, entries, papers) == nil, "continues", "many", i18n.Count(older.Size), "now", i18n.Count(newest.Size))
	}
	return err
}

// fork checks the proof that our own history was rewritten.
func (k check) fork(f transparency.Fork) error {
	k.v.Kind, k.v.Verdict = "fork", "forked"
	older, newer, err := f.Verify(k.key.Verifier())
	if !k.that(!errors.Is(err, transparency.ErrSignature) && !errors.Is(err, transparency.ErrMalformed), "both_signed", "key", k.key.Verifier().Name()) {
		return nil
	}
	from, _ := older.Of(f.Tree)
	to, _ := newer.Of(f.Tree)
	if !k.that(err == nil, "contradict", "older", i18n.Count(from), "newer", i18n.Count(to)) {
		return nil
	}
	k.v.Subject = k.r.T("check.fork", "origin", older.Origin)
	if l := f.Leaf; l != nil {
		for i, side := range []transparency.LeafSide{l.Older, l.Newer} {
			if _, e, lines, err := ledger.ParseRecord(side.Record); err == nil {
				k.step("ok", fmt.Sprintf("fork_side%d", i+1), "number", e.Voucher(), "day", k.r.Lang.Date(e.Date), "memo", e.Memo, "amount", debits(lines).Yuan())
			}
		}
	}
	return nil
}

// inBooks follows a gift's receipt into the books.
func (k check) inBooks(f issue.ReceiptFacts) error {
	return k.bookedEntry(f.Receipt, bookedAs(f), "/r/")
}

// bookedEntry follows a receipt to its entry and on to what was signed.
func (k check) bookedEntry(r receipt.Receipt, booked bool, page string) error {
	evidence, err := ledger.Prove(k, k.q, k.Community, r.Entry)
	if errors.Is(err, transparency.ErrNotSealed) {
		k.step("skip", "path")
		return nil
	}
	if err != nil {
		return err
	}
	entry, err := ledger.EntryAt(k, k.q, k.ID, r.Entry)
	if err != nil || !k.that(booked, "booked", "number", entry.Voucher(), "amount", r.Amount.Yuan()) {
		return err
	}
	if page == "/r/" {
		k.v.Own.Proof = page + r.Token + "/proof.txt"
	} else {
		k.v.Own.Proof = k.below("/ledger/" + entry.Voucher() + "/proof.txt")
	}
	_, err = k.proven(evidence.Record, evidence.Proof, k.Slug)
	return err
}
