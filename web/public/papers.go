package public

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/campaigns/spending"
	"fund/ledger"
	"fund/web/page"
)

// approvedView is what everybody may know of the request that an entry pays: never who gets the money.
type approvedView struct{ spending.PaymentRequest }

func (b books) approved(entry int64) (*approvedView, error) {
	r, err := spending.OfEntry(b, b.q, b.ID, entry)
	if errors.Is(err, spending.ErrNotFound) {
		return nil, nil
	}
	r.Payee = spending.Payee{}
	return &approvedView{r}, err
}

// PaperProof gives a paper's record and the proof that it stands in the signed list, as `fund verify receipt` reads them.
func (p *Pages) PaperProof(c *fiber.Ctx) error {
	year, number, ok := ledger.ParseSerial(c.Params("voucher"))
	paper, err := strconv.ParseInt(c.Params("number"), 10, 64)
	if !ok || err != nil {
		return page.ErrNotFound
	}
	return p.snapshot(c, func(b books) error {
		entry, err := ledger.FindEntry(b, b.q, b.ID, year, number)
		if err != nil {
			return err
		}
		shown, err := campaigns.EvidenceOf(b, b.q, b.ID, entry.Seq)
		if err != nil {
			return err
		}
		for _, e := range shown[entry.Seq] {
			if e.Paper == paper {
				evidence, err := campaigns.ProvePaper(b, b.q, b.Community, paper)
				if err != nil {
					return err
				}
				c.Attachment(fmt.Sprintf("%s-%s-paper-%d.proof.txt", b.Slug, entry.Voucher(), paper))
				return plainText(c, string(evidence.Record)+evidence.Proof.Text())
			}
		}
		return page.ErrNotFound
	})
}
