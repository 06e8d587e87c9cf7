package watch

import (
	"fmt"
	"strings"
	"time"

	"fund/ledger"
	"fund/ledger/transparency"
)

// Kind says in one word what a mirror found.
type Kind string

// What a mirror finds.
const (
	Rewritten      Kind = "rewritten"       // the log signed two checkpoints that contradict each other: Fork proves it
	Withheld       Kind = "withheld"        // the log shows less than it has signed
	Unlike         Kind = "unlike"          // the log shows another tree than it signed
	EntryChanged   Kind = "entry_changed"   // an entry's text is not the one that was signed
	EntryMissing   Kind = "entry_missing"   // an entry's text is not shown any more
	EntryMoved     Kind = "entry_moved"     // an entry stands in another one's place
	EntryBackdated Kind = "entry_backdated" // an entry shows another date
)

// Finding is something at a log that does not agree with what it signed.
type Finding struct {
	Kind Kind
	Tree transparency.Tree
	Seq  int64              // of an entry, or of the first paper; 0 where none is concerned
	Was  []byte             // the record that was signed, where the mirror has it
	Is   []byte             // what the log shows in its place
	Of   int64              // the entry whose place it took
	Fork *transparency.Fork // of Rewritten
	File string             // where its proof was written
	Size int64              // of what is withheld
}

// Text says it in a sentence.
func (f Finding) Text(lang string) string {
	zh, en := f.say()
	if lang == "en" {
		return en
	}
	return zh
}

func (f Finding) say() (zh, en string) {
	place := f.place()
	switch f.Kind {
	case Rewritten:
		zh, en = "历史被改写：两份签过名的账目快照互相矛盾，不可能都是真的。", "History was rewritten: two signed checkpoints contradict each other, and both cannot be true."
		if l := f.Fork.Leaf; l != nil {
			zh += fmt.Sprintf("第 %d 笔就不一样。", l.Index+1)
			en += fmt.Sprintf(" Entry no. %d differs.", l.Index+1)
		}
		if f.File != "" {
			zh += "证据已存进 " + f.File + "，谁都能用公钥验证。"
			en += " The proof is in " + f.File + "; anybody can check it with the public key."
		}
	case Withheld:
		return fmt.Sprintf("它签过 %d 笔的快照，现在只给看更少的。后面的账被藏起来或删掉了。", f.Size),
			fmt.Sprintf("It has signed a checkpoint of %d, and now shows fewer: later ones are withheld or deleted.", f.Size)
	case Unlike:
		return "它给看的哈希树算不到它自己签名的总指纹。", "The tree that it shows does not lead to the root that it signed."
	case EntryMissing:
		return "凭证 " + place + " 不见了：指纹还在签过名的账里，内容没有了。", "Entry " + place + " is gone: its fingerprint stands in the signed log, its text does not."
	case EntryMoved:
		return fmt.Sprintf("凭证 %s 的位置上，现在是第 %d 笔的内容。", place, f.Of), fmt.Sprintf("Where entry %s stood, there is now what was entry no. %d.", place, f.Of)
	case EntryBackdated:
		was, is := dateOf(f.Was), dateOf(f.Is)
		return fmt.Sprintf("凭证 %s 的日期签名时是 %s，现在给看的是 %s。", place, was, is), fmt.Sprintf("Entry %s was signed with the date %s, and now shows %s.", place, was, is)
	default:
		zh, en = "凭证 "+place+" 的内容不是签名时的内容。", "Entry "+place+" does not show what was signed."
		if was, is, ok := f.line(); ok {
			zh += fmt.Sprintf("签名时：%s；现在：%s。", was, is)
			en += fmt.Sprintf(" It was: %s. It shows: %s.", was, is)
		}
	}
	return zh, en
}

// place is the voucher's number, or the number in the log where no record tells it.
func (f Finding) place() string {
	for _, record := range [][]byte{f.Was, f.Is} {
		if rows := strings.Split(string(record), "\n"); len(rows) > 3 && rows[3] != "" {
			return rows[3]
		}
	}
	return fmt.Sprintf("#%d", f.Seq)
}

func dateOf(record []byte) string {
	_, e, _, err := ledger.ParseRecord(record)
	if err != nil {
		return "?"
	}
	return e.Date.Format(time.DateOnly)
}

// line finds the first line that differs.
func (f Finding) line() (was, is string, ok bool) {
	if len(f.Was) == 0 {
		return "", "", false
	}
	before, after := strings.Split(string(f.Was), "\n"), strings.Split(string(f.Is), "\n")
	for i := range before {
		if i >= len(after) || before[i] != after[i] {
			if i < len(after) {
				is = after[i]
			}
			return before[i], is, true
		}
	}
	return "", "", false
}

// tell says closer what became of a record: gone, only its date, or another one's.
func tell(seq int64, was, is []byte, elsewhere func(is []byte) int64) Finding {
	f := Finding{Kind: EntryChanged, Seq: seq, Was: was, Is: is}
	switch {
	case len(is) == 0:
		f.Kind = EntryMissing
	case elsewhere(is) != 0:
		f.Kind, f.Of = EntryMoved, elsewhere(is)
	case len(was) > 0 && dateless(was) == dateless(is):
		f.Kind = EntryBackdated
	}
	return f
}

// dateless is a record without its date.
func dateless(record []byte) string {
	rows := strings.Split(string(record), "\n")
	if len(rows) > 4 {
		rows[4] = ""
	}
	return strings.Join(rows, "\n")
}

// placeless is a record without what tells its place in the log.
func placeless(record []byte) string {
	rows := strings.Split(string(record), "\n")
	if len(rows) > 5 {
		rows[2], rows[3], rows[5] = "", "", ""
	}
	return strings.Join(rows, "\n")
}
