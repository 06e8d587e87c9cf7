package sample

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/voice"
	"fund/ledger"
)

// entryAsked is a question about one of 2017's entries, found by what it says.
type entryAsked struct {
	words              string
	daysAgo, after     int // asked, and answered so many days later
	name, body, answer string
}

var entriesAsked = []entryAsked{
	{"食材", 20, 2, "周婆婆", "这一笔食材是谁收的？", "当天的邻居节家宴用的，厨房三位志愿者**签收**。发票和签收单在社区服务中心，可以当面看。"},
	{"校服", 16, 9, "", "校服补贴补给了几个孩子？", "补给了名单上的每一个孩子，名单只有议事会看得到；人数和标准贴在社区公示栏。"},
	{"印", 9, -1, "小陈", "印了多少份？", ""},
	{"水电", 2, -1, "", "水电费是哪几个月的？", ""},
}

// wonder lets residents ask about entries of the books: two are answered, one of them late, one waits too long already.
func (w *world) wonder(ctx context.Context, tx *sqlx.Tx, now time.Time) error {
	for i, q := range entriesAsked {
		found, err := ledger.Journal(ctx, tx, w.c.ID, ledger.JournalFilter{Year: 2017, Words: q.words}, 1)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			continue
		}
		at := now.AddDate(0, 0, -q.daysAgo)
		id := newDice("asked of an entry").id(at.Add(time.Duration(i)))
		about := voice.Question{ID: id, EntrySeq: found[0].Seq, Body: q.body, AskedAt: at, Asker: voice.Asker{Name: q.name, Lang: "zh-CN"}}
		if err := voice.AskAboutEntry(ctx, tx, w.c, about); err != nil {
			return err
		}
		if q.after >= 0 {
			if err := voice.Answer(ctx, tx, w.c.ID, 0, id, q.answer, lead, at.AddDate(0, 0, q.after)); err != nil {
				return err
			}
		}
	}
	return nil
}
