package desk

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/web/page"
	"fund/web/photo"
)

// PictureBodyMax is the largest body of the form with a photograph: 8 MB and what goes around it.
const PictureBodyMax = 8<<20 + 64<<10

const altMax = 120

// SetPicture gives a campaign a photograph, or its drawing back.
func (p *Pages) SetPicture(c *fiber.Ctx) error {
	found, err := p.campaignHere(c)
	if err != nil {
		return err
	}
	f := page.ReadForm(c)
	if f.Typed("press") == "remove" {
		found.PictureID = nil
		return p.keepPicture(c, found, "raise.picture_removed", nil)
	}
	v, err := p.campaignView(c, f)
	if err != nil {
		return err
	}
	file, alt := f.File(c, "picture"), f.Text("alt", altMax)
	if f.AnyWrong() {
		return page.Again(c, "desk/campaign", v)
	}
	err = p.keepPicture(c, found, "raise.picture_kept", func(tx *sqlx.Tx) (uuid.UUID, error) {
		read, err := file.Open()
		if err != nil {
			return uuid.Nil, err
		}
		defer read.Close()
		return campaigns.AddPicture(c.UserContext(), tx, page.Of(c).Community.ID, read, alt)
	})
	if photo.Refused(f, err) {
		return page.Again(c, "desk/campaign", v)
	}
	return err
}

// keepPicture stores the picture that add adds, if any, and shows it with the campaign.
func (p *Pages) keepPicture(c *fiber.Ctx, of campaigns.Campaign, notice string, add func(tx *sqlx.Tx) (uuid.UUID, error)) error {
	err := p.act(c, "campaign.picture", campaignSubject(of), nil, func(tx *sqlx.Tx, _ string) error {
		if add != nil {
			id, err := add(tx)
			if err != nil {
				return err
			}
			of.PictureID = &id
		}
		return campaigns.EditCampaign(c.UserContext(), tx, page.Of(c).Community.ID, of)
	})
	if err != nil {
		return err
	}
	p.moved(c, of.ID)
	return page.Done(c, campaignPath(of.ID), notice)
}
