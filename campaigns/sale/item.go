package sale

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
)

// ItemKind is what an item is.
type ItemKind string

// The kinds of item.
const (
	Goods   ItemKind = "goods"
	Ticket  ItemKind = "ticket"
	Service ItemKind = "service"
	Lot     ItemKind = "lot" // of an auction
)

// ItemKinds lists the kinds, in the order a page shows them.
var ItemKinds = []ItemKind{Goods, Ticket, Service, Lot}

// Income is what selling one is: goods and lots are sales, the others services
// (民间非营利组织会计制度 4301 and 4501).
func (k ItemKind) Income() ledger.Purpose {
	if k == Ticket || k == Service {
		return ledger.ServiceIncome
	}
	return ledger.SalesIncome
}

// Item is a 商品 that a place sells.
type Item struct {
	ID         uuid.UUID     `db:"id"`
	PlaceID    int           `db:"place_id"`
	Code       string        `db:"code"`    // short, its own in the place: what people say and type
	Barcode    string        `db:"barcode"` // EAN-13 or any other; may be empty
	NameZH     string        `db:"name_zh"`
	NameEN     string        `db:"name_en"`
	Section    string        `db:"section"` // the group under which a till shows it
	Kind       ItemKind      `db:"kind"`
	Price      *money.Amount `db:"price"`      // nil: name your price
	Stock      *int          `db:"stock"`      // how many there were; nil: nobody counts them
	Sold       int           `db:"sold"`       // less what came back
	PictureID  *uuid.UUID    `db:"picture_id"` // of campaigns
	AccountID  *int          `db:"account_id"` // the income that selling it is; nil: by its kind
	DonorID    *uuid.UUID    `db:"donor_id"`   // who gave it
	Donor      string        `db:"donor"`      // their name, for the staff: it stands with the donor and may be erased there
	InKindID   *uuid.UUID    `db:"in_kind_id"` // the gift in kind that it was booked with
	ArchivedAt *time.Time    `db:"archived_at"`
	Held       int           `db:"held"`      // tickets that are reserved and not paid
	Auctioned  bool          `db:"auctioned"` // sold by bids, and by no till
}

// Name is the item's name in the reader's language ("en", else Chinese).
func (i Item) Name(lang string) string { return inLanguage(lang, i.NameZH, i.NameEN) }

// Left is how many there are; ok is false where nobody counts. Below zero, more
// were sold without network than there were.
func (i Item) Left() (n int, ok bool) {
	if i.Stock == nil {
		return 0, false
	}
	return *i.Stock - i.Sold - i.Held, true
}

// Oversold tells whether more were sold than there were.
func (i Item) Oversold() bool {
	left, counted := i.Left()
	return counted && left < 0
}

// GivenBy says who gave an item, by name: somebody new, whose name stands with
// the donors; empty for nobody. AddItem or EditItem keeps it.
func (i *Item) GivenBy(ctx context.Context, tx *sqlx.Tx, community int, name string) error {
	if name == i.Donor {
		return nil
	}
	if i.Donor, i.DonorID = name, nil; name == "" {
		return nil
	}
	d, err := campaigns.AddDonor(ctx, tx, community, name, "", "zh-CN")
	i.DonorID = &d.ID
	return err
}

// AddItem adds an item to its place. ErrCodeTaken, ErrBarcodeTaken.
func AddItem(ctx context.Context, tx *sqlx.Tx, community int, i Item) (_ Item, err error) {
	defer wrap(&err, "sale.AddItem(%d, %d, %s)", community, i.PlaceID, i.Code)
	if i.ID == uuid.Nil {
		if i.ID, err = uuid.NewV7(); err != nil {
			return i, err
		}
	}
	if i.Kind == "" {
		i.Kind = Goods
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO sale.item (community_id, id, place_id, code, barcode, name_zh, name_en, section, kind, account_id, price, stock, picture_id, donor_id, in_kind_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		community, i.ID, i.PlaceID, i.Code, i.Barcode, i.NameZH, i.NameEN, i.Section, i.Kind, i.AccountID, i.Price, i.Stock, i.PictureID, i.DonorID, i.InKindID)
	return i, err
}

// EditItem writes an item anew; its place and what was sold stay. ErrCodeTaken,
// ErrBarcodeTaken, ErrNotFound.
func EditItem(ctx context.Context, tx *sqlx.Tx, community int, i Item) (err error) {
	defer wrap(&err, "sale.EditItem(%d, %s)", community, i.ID)
	return one(tx.ExecContext(ctx, `
		UPDATE sale.item SET code = $3, barcode = $4, name_zh = $5, name_en = $6, section = $7, kind = $8, account_id = $9, price = $10, stock = $11,
		       picture_id = $12, donor_id = $13, in_kind_id = $14
		 WHERE community_id = $1 AND id = $2`,
		community, i.ID, i.Code, i.Barcode, i.NameZH, i.NameEN, i.Section, i.Kind, i.AccountID, i.Price, i.Stock, i.PictureID, i.DonorID, i.InKindID))
}

// ArchiveItem takes an item off the tills, or puts it back where at is nil. What
// was sold of it stays.
func ArchiveItem(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, at *time.Time) (err error) {
	defer wrap(&err, "sale.ArchiveItem(%d, %s)", community, id)
	return one(tx.ExecContext(ctx, `UPDATE sale.item SET archived_at = $3 WHERE community_id = $1 AND id = $2`, community, id, at))
}

const selectItem = `
	SELECT i.id, i.place_id, i.code, i.barcode, i.name_zh, i.name_en, i.section, i.kind, i.account_id, i.price, i.stock, i.sold, i.picture_id, i.donor_id,
	       coalesce(d.name, '') AS donor, i.in_kind_id, i.archived_at,
	       CASE i.kind WHEN 'ticket' THEN (SELECT count(*) FROM sale.ticket t WHERE t.community_id = i.community_id AND t.item_id = i.id AND t.sale_id IS NULL AND t.voided_at IS NULL)
	                   ELSE 0 END AS held,
	       i.kind = 'lot' AND EXISTS (SELECT FROM sale.lot l WHERE l.community_id = i.community_id AND l.item_id = i.id) AS auctioned
	  FROM sale.item i LEFT JOIN campaigns.donor d ON d.community_id = i.community_id AND d.id = i.donor_id
	 WHERE i.community_id = $1`

// ListItems reads the items of a place in the order of their sections and
// codes, archived ones last.
func ListItems(ctx context.Context, q sqlx.QueryerContext, community, place int) (items []Item, err error) {
	defer wrap(&err, "sale.ListItems(%d, %d)", community, place)
	err = sqlx.SelectContext(ctx, q, &items, selectItem+` AND i.place_id = $2 ORDER BY i.archived_at IS NOT NULL, i.section, length(i.code), i.code`, community, place)
	return items, err
}

// ItemAt reads an item; ErrNotFound.
func ItemAt(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (i Item, err error) {
	defer wrap(&err, "sale.ItemAt(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &i, selectItem+` AND i.id = $2`, community, id)
	return i, err
}

// one turns "no row was touched" into ErrNotFound.
func one(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return ErrNotFound
	}
	return nil
}
