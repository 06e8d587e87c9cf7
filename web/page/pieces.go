package page

import (
	"strconv"

	"fund/ledger/money"
)

// PieceRow is a denomination with the field for how many notes or coins there are.
type PieceRow struct {
	Field
	Yuan string
	Fen  int64
	Sum  money.Amount
}

// PieceName is the field of a denomination: p0 is how many of ¥100 there are.
func PieceName(i int) string { return "p" + strconv.Itoa(i) }

// PieceRows puts the fields of a count and their sums together from what was typed.
func (f *Form) PieceRows() (rows []PieceRow, total money.Amount) {
	for i, of := range money.Denominations {
		f.Label(PieceName(i), "box.piece."+PieceName(i))
		n, _ := strconv.Atoi(f.Typed(PieceName(i)))
		sum := of.Times(int64(min(max(n, 0), money.PiecesMax)))
		rows = append(rows, PieceRow{f.Field(PieceName(i), "inputmode", "numeric"), of.YuanShort(), of.Fen(), sum})
		total = total.Add(sum)
	}
	return rows, total
}

// Pieces reads a count; an empty field is none.
func (f *Form) Pieces() (counted money.Pieces) {
	for i := range counted {
		counted[i] = f.Int(PieceName(i), 0, money.PiecesMax, Optional)
	}
	return counted
}
