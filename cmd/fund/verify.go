package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/transparency"
)

type verifyCmd struct {
	Receipt     verifyReceiptCmd     `cmd:"" help:"Check, offline, that an entry or receipt stands in the log."`
	Checkpoints verifyCheckpointsCmd `cmd:"" help:"Check, offline, that a newer checkpoint rewrote nothing an older one covers."`
	Fork        verifyForkCmd        `cmd:"" help:"Check, offline, the proof of a mirror or witness that history was rewritten."`
	Pack        verifyPackCmd        `cmd:"" help:"Check, offline, an auditor's pack: digests, signatures, every entry, every balance."`
	Database    verifyDatabaseCmd    `cmd:"" help:"Check every entry of the database against the signed log."`
}

// keyFlag is the public key, as /log.pub or the report prints it.
type keyFlag struct {
	Key string `required:"" type:"path" placeholder:"FILE" help:"The log's public key, log.pub, got from somewhere you trust."`
}

type verifyReceiptCmd struct {
	keyFlag     `embed:""`
	witnessFlag `embed:""`
	Newer       string `type:"path" placeholder:"FILE" help:"A newer checkpoint: the one of the receipt must be continued by it, as --between proves."`
	Between     string `type:"path" placeholder:"FILE" help:"The consistency proof between the receipt's checkpoint and the newer one."`
	File        string `arg:"" type:"path" help:"The evidence as the pages give it: the record and its proof, proof.txt or proof.json."`
}

// Help says what it proves.
func (*verifyReceiptCmd) Help() string {
	return `It proves that the entry stood in the books when the checkpoint was signed, and was not changed since. It needs no network: the file, and the public key from somewhere you trust, such as a printed report.

With a checkpoint that you got later, it proves too that the books went on from there without touching what was in them:

    fund verify receipt proof.txt --key log.pub --newer new.txt --between between.txt

Exit status: 0 true, 1 not true, 2 the call was wrong.`
}

// Run needs the file and the key, and nothing else.
func (v *verifyReceiptCmd) Run(out io.Writer) error {
	by, err := readVerifier(v.Key)
	if err != nil {
		return err
	}
	text, err := readable(v.File)
	if err != nil {
		return err
	}
	record, proof, err := transparency.ParseEvidence(text)
	if err != nil {
		return err
	}
	checkpoint, err := proof.Verify(record, by)
	if err != nil {
		return err
	}
	if proof.Tree == transparency.Papers {
		err = v.paper(out, record, checkpoint)
	} else {
		err = v.entry(out, record, checkpoint)
	}
	if err != nil {
		return err
	}
	if err := v.countersigned(out, proof.Signed); err != nil || v.Newer == "" {
		return err
	}
	return continued(out, by, checkpoint, v.Newer, v.Between)
}

func (v *verifyReceiptCmd) entry(out io.Writer, record []byte, checkpoint transparency.Checkpoint) error {
	slug, entry, lines, err := ledger.ParseRecord(record)
	if err != nil {
		return transparency.ErrMalformed
	}
	fmt.Fprintf(out, "True: entry %s of %s stands in the log %s of %d entries.\n", entry.Voucher(), slug, checkpoint.Origin, checkpoint.Size)
	fmt.Fprintf(out, "属实：%s 的凭证 %s 在账目日志里（共 %d 笔）。\n", slug, entry.Voucher(), checkpoint.Size)
	fmt.Fprintf(out, "%s  %s  %s\n", entry.Date.Format(time.DateOnly), entry.Source, entry.Memo)
	for _, l := range lines {
		fmt.Fprintf(out, "  %-8s %-12s %14s\n", l.AccountCode, l.FundCode, l.Amount.Format())
	}
	return nil
}

// paper says which paper was proven; its file is compared by its digest.
func (v *verifyReceiptCmd) paper(out io.Writer, record []byte, checkpoint transparency.Checkpoint) error {
	slug, p, err := campaigns.ParsePaper(record)
	if err != nil {
		return transparency.ErrMalformed
	}
	fmt.Fprintf(out, "True: paper %d of %s, of its entry no. %d, stands in the signed list of %d papers of %s.\n", p.Number, slug, p.EntrySeq, checkpoint.Papers, checkpoint.Origin)
	fmt.Fprintf(out, "属实：%s 的第 %d 号票据（第 %d 笔账）在签过名的票据清单里（共 %d 张）。\n", slug, p.Number, p.EntrySeq, checkpoint.Papers)
	_, err = fmt.Fprintf(out, "SHA-256  %x\n", p.Digest)
	return err
}

type verifyCheckpointsCmd struct {
	keyFlag `embed:""`
	Old     string `arg:"" type:"path" help:"The checkpoint you kept."`
	New     string `arg:"" type:"path" help:"The newer one."`
	Proof   string `type:"path" placeholder:"FILE" help:"The consistency proof between them: one hash in base64 a line. Two equal ones need none."`

	witnessFlag `embed:""`
}

// witnessFlag names witnesses whose countersignature is wanted.
type witnessFlag struct {
	Witness []string `type:"path" placeholder:"FILE" help:"The public key of a witness that must have countersigned; may be repeated."`
}

// countersigned says which of the witnesses signed a checkpoint, and when. All must have.
func (w witnessFlag) countersigned(out io.Writer, signed string) error {
	for _, path := range w.Witness {
		text, err := readable(path)
		if err != nil {
			return err
		}
		by, err := transparency.ParseCosignatory(text)
		if err != nil {
			return failed(path+" holds no public key of a witness.", path+" 里不是见证人的公钥。")
		}
		found, err := transparency.Cosignatures(signed, by)
		if err != nil {
			return failed("The checkpoint does not carry the countersignature of "+by.Name()+".", "快照上没有 "+by.Name()+" 的会签。")
		}
		at := found[0].At.UTC().Format(time.RFC3339)
		fmt.Fprintf(out, "Countersigned by %s at %s.\n会签：%s，%s\n", by.Name(), at, by.Name(), at)
	}
	return nil
}

// Run needs the files and the key, and nothing else.
func (v *verifyCheckpointsCmd) Run(out io.Writer) error {
	by, err := readVerifier(v.Key)
	if err != nil {
		return err
	}
	text, err := readable(v.Old)
	if err != nil {
		return err
	}
	older, err := transparency.OpenCheckpoint(text, by)
	if err != nil {
		return err
	}
	if err := continued(out, by, older, v.New, v.Proof); err != nil {
		return err
	}
	newer, err := readable(v.New)
	if err != nil {
		return err
	}
	return v.countersigned(out, newer)
}

// continued says whether the checkpoint in a file continues an older one.
func continued(out io.Writer, by note.Verifier, older transparency.Checkpoint, path, proof string) error {
	text, err := readable(path)
	if err != nil {
		return err
	}
	newer, err := transparency.OpenCheckpoint(text, by)
	if err != nil {
		return err
	}
	entries, papers, err := readHashes(proof)
	if err != nil {
		return err
	}
	if err := transparency.Extends(older, newer, entries, papers); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "True: the %d entries of the older checkpoint begin the %d of the newer one, unchanged.\n"+
		"属实：旧快照的 %d 笔账原样在新快照的 %d 笔里。\n", older.Size, newer.Size, older.Size, newer.Size)
	return err
}

// readHashes reads a consistency proof: a hash a line, the entries' and, after an empty line, the papers'.
func readHashes(path string) (entries, papers []tlog.Hash, err error) {
	if path == "" {
		return nil, nil, nil
	}
	text, err := readable(path)
	if err != nil {
		return nil, nil, err
	}
	into := &entries
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			into = &papers
			continue
		}
		b, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(b) != tlog.HashSize {
			return nil, nil, transparency.ErrMalformed
		}
		*into = append(*into, tlog.Hash(b))
	}
	return entries, papers, nil
}

type verifyDatabaseCmd struct {
	databaseFlags `embed:""`
	keyFlag       `embed:""`
	Community     string `placeholder:"SLUG" help:"Verify one community only."`
}

// Run checks as fund check does, with a key from somewhere else than the installation itself.
func (v *verifyDatabaseCmd) Run(ctx context.Context, out io.Writer) error {
	by, err := readVerifier(v.Key)
	if err != nil {
		return err
	}
	e, err := v.open(ctx, quiet(), opening{patient: true})
	if err != nil {
		return err
	}
	err = checkBooks(ctx, e, by, v.Community, false, out)
	return errors.Join(err, e.Close())
}
