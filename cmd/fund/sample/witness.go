package sample

import (
	"bytes"
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/transparency"
)

// watch lets two made-up witnesses countersign the checkpoint that ends the sample. They have no address: nobody is asked.
func (w *world) watch(ctx context.Context, tx *sqlx.Tx, sealed transparency.Checkpoint, now time.Time) error {
	for i, one := range []struct{ title, name string }{{"银杏里社区（示例）", "yinxingli.example.org/c/yinxingli/witness"}, {"何老师，退休会计（示例）", "he.example.org"}} {
		as, err := transparency.NewCosigner(one.name, bytes.Repeat([]byte{byte(i + 1)}, 32))
		if err != nil {
			return err
		}
		if _, err = transparency.AddWitness(ctx, tx, w.c.ID, transparency.Witness{
			Title: one.title, PublicKey: as.Cosignatory().Public(), AddedBy: "user:admin", AddedAt: now,
		}); err != nil {
			return err
		}
		line, err := as.Cosign(sealed.Note, now)
		if err != nil {
			return err
		}
		if _, err = transparency.KeepCosignatures(ctx, tx, w.c.ID, transparency.WithCosignatures(sealed.Note, line)); err != nil {
			return err
		}
	}
	theirs, _, err := transparency.NewKey("yinxingli.example.org")
	if err != nil {
		return err
	}
	_, err = transparency.AddWatched(ctx, tx, w.c.ID, transparency.Watched{
		Title: "银杏里社区（示例）", Origin: theirs.Origin("yinxingli"), PublicKey: theirs.Public(), AddedBy: "user:admin", AddedAt: now,
	})
	return err
}
