package public

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/mod/sumdb/tlog"

	"fund/ledger"
	"fund/ledger/transparency"
	"fund/web/page"
)

// What programs read of the log: `fund mirror` needs nothing else, and any reader of C2SP tlog-tiles finds its way.

// LogCheckpoint is the newest signed checkpoint, as a program reads it.
func (p *Pages) LogCheckpoint(c *fiber.Ctx) error {
	newest, err := transparency.Latest(c.UserContext(), p.Read, here(c))
	if err != nil {
		return err
	}
	return p.signed(c, newest)
}

// LogCheckpointNumbered is one checkpoint by its number.
func (p *Pages) LogCheckpointNumbered(c *fiber.Ctx) error {
	number, err := c.ParamsInt("number")
	if err != nil || number <= 0 || number > 1<<30 {
		return page.ErrNotFound
	}
	found, err := transparency.Numbered(c.UserContext(), p.Read, here(c), number)
	if err != nil {
		return err
	}
	return p.signed(c, found)
}

// signed gives a checkpoint with the lines of those who countersigned it.
func (p *Pages) signed(c *fiber.Ctx, checkpoint transparency.Checkpoint) error {
	text, _, err := transparency.Cosigned(c.UserContext(), p.Read, here(c), checkpoint)
	if err != nil {
		return err
	}
	return plainText(c, text)
}

// LogBetween is the proof, a hash a line, that a checkpoint's log begins with the whole of an older one's: the entries', an
// empty line, and the papers'.
func (p *Pages) LogBetween(c *fiber.Ctx) error {
	var both [2]transparency.Checkpoint
	for i, name := range []string{"old", "new"} {
		number, err := c.ParamsInt(name)
		if err != nil || number <= 0 || number > 1<<30 {
			return page.ErrNotFound
		}
		if both[i], err = transparency.Numbered(c.UserContext(), p.Read, here(c), number); err != nil {
			return err
		}
	}
	if both[0].Size > both[1].Size {
		return page.ErrNotFound
	}
	var text strings.Builder
	for _, tree := range []transparency.Tree{transparency.Entries, transparency.Papers} {
		path, err := tree.ProveExtends(c.UserContext(), p.Read, here(c), both[0], both[1])
		if err != nil {
			return err
		}
		if tree == transparency.Papers && len(path) > 0 {
			text.WriteString("\n")
		}
		for _, hash := range path {
			text.WriteString(hash.String() + "\n")
		}
	}
	return plainText(c, text.String())
}

// LogKey is the public key that checks the signatures.
func (p *Pages) LogKey(c *fiber.Ctx) error { return plainText(c, p.Key.Public()+"\n") }

// checkpointsAtOnce is how many checkpoints are read at a time.
const checkpointsAtOnce = 1000

// LogCheckpoints is every checkpoint that was ever signed, the oldest first, with an empty line between two: a file that
// only grows. ?after= leaves out those up to a number. Countersignatures come later and stand under /log/checkpoint.
func (p *Pages) LogCheckpoints(c *fiber.Ctx) error {
	after := c.QueryInt("after")
	return p.download(c, "checkpoints.txt", fiber.MIMETextPlainCharsetUTF8, func(b books, w io.Writer) error {
		for last := max(after, 0); ; {
			some, err := transparency.Since(b, b.q, b.ID, last, checkpointsAtOnce)
			if err != nil || len(some) == 0 {
				return err
			}
			for _, one := range some {
				if _, err := fmt.Fprintf(w, "%s\n", one.Note); err != nil {
					return err
				}
			}
			last = some[len(some)-1].Number
		}
	})
}

// LogTile is a tile of the entries' tree, or a bundle of their records (C2SP tlog-tiles).
func (p *Pages) LogTile(c *fiber.Ctx) error { return p.tile(c, transparency.Entries) }

// LogPapersTile is a tile of the papers' tree. The records are the staff's: they tell of papers that nobody else sees.
func (p *Pages) LogPapersTile(c *fiber.Ctx) error { return p.tile(c, transparency.Papers) }

func (p *Pages) tile(c *fiber.Ctx, tree transparency.Tree) error {
	tile, err := transparency.ParseTile(c.Params("*"))
	if err != nil || tile.L < 0 && tree == transparency.Papers {
		return page.ErrNotFound
	}
	return p.snapshot(c, func(b books) error {
		data, err := b.tile(tree, tile)
		if errors.Is(err, transparency.ErrNotSealed) {
			return page.ErrNotFound
		}
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, fiber.MIMEOctetStream)
		c.Set(fiber.HeaderCacheControl, "public, max-age=300") // what it says never changes; whoever checks that asks anew
		return c.Send(data)
	})
}

func (b books) tile(tree transparency.Tree, tile tlog.Tile) ([]byte, error) {
	if tile.L >= 0 {
		return tree.Tile(b, b.q, b.ID, tile)
	}
	newest, err := transparency.Latest(b, b.q, b.ID)
	if err != nil {
		return nil, err
	}
	if !transparency.WithinTree(tile, newest.Size) {
		return nil, transparency.ErrNotSealed
	}
	records, err := ledger.Records(b, b.q, b.Community, tile.N<<transparency.TileHeight+1, tile.W)
	if err != nil {
		return nil, err
	}
	return transparency.PackRecords(records)
}

const feedCheckpointDays = 14

// checkpoints tells the last checkpoint of each of the last days, with its whole text: whoever keeps the feed keeps the proof.
func (f *feed) checkpoints() error {
	days, err := transparency.DailyCheckpoints(f, f.q, f.ID, f.Timezone, f.now.AddDate(0, 0, -feedCheckpointDays))
	for _, c := range days {
		text, _, err := transparency.Cosigned(f, f.q, f.ID, c)
		if err != nil {
			return err
		}
		f.tell(f.id("checkpoint", c.Number), c.At, fmt.Sprintf("/log/checkpoint/%d", c.Number), f.lang.T("check.feed", "number", c.Number, "many", c.Size), text)
	}
	return err
}
