package statement

import (
	"strings"
	"time"

	"fund/ledger/money"
)

// A file is read twice: once to check it whole, keeping of each line no more
// than the checks need, and once more to hand the lines over one by one. So a
// file of half a million lines takes little more memory than its bytes, and a
// broken one gives no lines.

// fact is what the checks need of a line, amounts in fen.
type fact struct {
	amount, balance, gross int64
	row, day, clock        int32
	currency               uint16 // of Statement.currencies
	hasBalance, hasGross   bool
	key                    Key
}

// reading is one time that a file is read. Statements are told apart by the
// order in which their first lines come, which is the same each time.
type reading struct {
	begun int
	facts map[int][]fact                 // of the first reading, while the lines are handed over
	hand  func(begun, i int, line *Line) // nil in the first reading
	done  bool                           // nobody wants more lines
}

// again reports whether the lines are being handed over.
func (r *reading) again() bool { return r != nil && r.hand != nil }

// begin says by which reading a statement's lines come.
func (s *Statement) begin(r *reading) { s.reading = r }

// add notes a line, or hands it over. The identity is what the format itself
// tells lines apart by; with none, all that the line says does.
func (s *Statement) add(l Line, identity ...string) {
	if l.Currency == "" {
		l.Currency = s.Currency
	}
	if s.Count == 0 && s.reading != nil {
		s.reading.begun++
		if s.begun = s.reading.begun; s.reading.again() {
			s.facts = s.reading.facts[s.begun]
		}
	}
	s.Count++
	if s.reading.again() {
		s.reading.hand(s.begun, s.Count-1, &l)
		return
	}
	if s.facts == nil {
		s.facts = make([]fact, 0, s.expected)
	}
	s.facts = append(s.facts, s.factOf(l, identity))
}

func (s *Statement) factOf(l Line, identity []string) fact {
	f := fact{amount: l.Amount.Fen(), row: int32(l.Row), day: dayNumber(l.Date), clock: clockNumber(l.Clock), currency: s.currencyNumber(l.Currency)}
	gross, balance := l.Amount, ""
	if l.Gross != nil {
		gross, f.gross, f.hasGross = l.Gross.Abs(), l.Gross.Fen(), true
	}
	if l.Balance != nil {
		balance, f.balance, f.hasBalance = l.Balance.String(), l.Balance.Fen(), true
	}
	parts := identity
	if strings.Join(identity, "") == "" {
		parts = []string{"", l.Clock, l.Currency, balance, l.Counterparty, l.Memo}
	}
	f.key = keyOf(append(parts, l.Date.Format("20060102"), gross.Abs().String())...)
	return f
}

// complete gives a line that is handed over what only the whole file could tell.
func (s *Statement) complete(i int, l *Line) {
	f := &s.facts[i]
	l.Amount, l.Currency, l.Key = money.FromFen(f.amount), s.currencies[f.currency], f.key
	if f.hasGross {
		gross := money.FromFen(f.gross)
		l.Gross = &gross
	}
}

// unmove takes the money out of a line that turns out to have moved none.
func (f *fact) unmove() {
	if !f.hasGross {
		f.gross, f.hasGross = max(f.amount, -f.amount), true
	}
	f.amount = 0
}

// fillCurrency gives the lines that name no currency the statement's.
func (s *Statement) fillCurrency() {
	if s.reading.again() {
		return
	}
	own := s.currencyNumber(s.Currency)
	for i := range s.facts {
		if s.currencies[s.facts[i].currency] == "" {
			s.facts[i].currency = own
		}
	}
}

func (s *Statement) currencyNumber(code string) uint16 {
	for i, known := range s.currencies {
		if known == code {
			return uint16(i)
		}
	}
	s.currencies = append(s.currencies, code)
	return uint16(len(s.currencies) - 1)
}

func dayNumber(t time.Time) int32 { return int32(t.Unix() / (24 * 60 * 60)) }

// clockNumber orders clocks as their texts do, an empty one first.
func clockNumber(clock string) (n int32) {
	for i := range len(clock) {
		if c := clock[i]; c >= '0' && c <= '9' {
			n = n*10 + int32(c-'0')
		}
	}
	if clock == "" {
		return -1
	}
	return n
}

// Mark is what is known of a line without reading its file again.
type Mark struct {
	Date     time.Time
	Currency string
	Amount   money.Amount
	Key      Key

	clock int32
}

// Marks hands over what is known of the lines, in the order of the file. It
// stops at the visitor's error.
func (s *Statement) Marks(visit func(m Mark) error) error {
	if s.from == nil {
		return s.Each(func(l *Line) error {
			return visit(Mark{l.Date, l.Currency, l.Amount, l.Key, clockNumber(l.Clock)})
		})
	}
	for i := range s.facts {
		if err := visit(s.mark(i)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Statement) mark(i int) Mark {
	f := &s.facts[i]
	m := Mark{Currency: s.currencies[f.currency], Amount: money.FromFen(f.amount), Key: f.key, clock: f.clock}
	if f.day != dayNumber(time.Time{}) {
		m.Date = time.Unix(int64(f.day)*24*60*60, 0).UTC()
	}
	return m
}

// After reports whether the line moved later than another.
func (m Mark) After(o Mark) bool {
	return m.Date.After(o.Date) || m.Date.Equal(o.Date) && m.clock > o.clock
}

// Each hands over a statement's lines one by one, also those of a statement that
// keeps none because its file was scanned. It stops at the visitor's error.
func (s *Statement) Each(visit func(l *Line) error) error {
	if s.from != nil {
		return s.from.Each(func(of int, l *Line) error {
			if of != s.at {
				return nil
			}
			return visit(l)
		})
	}
	for i := range s.Lines {
		l := s.Lines[i]
		if err := visit(&l); err != nil {
			return err
		}
	}
	return nil
}

// Scanned is a file that was read whole and found to be sound.
type Scanned struct {
	// Statements have no Lines, but their Count.
	Statements []Statement

	name    string
	data    []byte
	options Options
}

// Scan reads and checks the statements in data as Parse does, without keeping
// their lines; Each hands those over. data stays as it is until then.
func Scan(name string, data []byte, options Options) (*Scanned, error) {
	options.reading = &reading{}
	found, err := parse(data, options)
	if err != nil {
		return nil, inFile(err, name)
	}
	for i := range found {
		found[i].finish()
	}
	x := &Scanned{withoutRepeated(found), name, data, options}
	for i := range x.Statements {
		x.Statements[i].from, x.Statements[i].at = x, i
	}
	return x, nil
}

// Each hands over the lines of every statement, in the order of the file; of is
// the statement's place among Statements. It stops at the visitor's error.
func (x *Scanned) Each(visit func(of int, l *Line) error) (err error) {
	again := &reading{facts: map[int][]fact{}}
	at := map[int]int{}
	for i, s := range x.Statements {
		if s.Count > 0 {
			at[s.begun], again.facts[s.begun] = i, s.facts
		}
	}
	again.hand = func(begun, i int, l *Line) {
		of, kept := at[begun]
		if !kept || err != nil {
			return
		}
		x.Statements[of].complete(i, l)
		err = visit(of, l)
		again.done = err != nil
	}
	options := x.options
	options.reading = again
	if _, broken := parse(x.data, options); err == nil && broken != nil {
		err = inFile(broken, x.name)
	}
	return err
}
