package desk

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/web/auth"
	"fund/web/page"
)

type hostsView struct {
	Hosts  []campaigns.Host
	Today  time.Time
	Form   *page.Form
	MayAdd bool
}

// Hosts lists the hosts, the first of which the pages name.
func (p *Pages) Hosts(c *fiber.Ctx) error {
	v, err := p.hostsView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/hosts", v)
}

func (p *Pages) hostsView(c *fiber.Ctx, f *page.Form) (v hostsView, err error) {
	v = hostsView{Form: labelled(f, "host.field", "name_zh", "name_en", "certificate", "certificate_from", "certificate_until"), MayAdd: can(c, auth.ManageCommunity)}
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	v.Today = community.Day(p.Now())
	v.Hosts, err = campaigns.ListHosts(c.UserContext(), p.DB, community.ID)
	return v, err
}

// AddHost adds a host.
func (p *Pages) AddHost(c *fiber.Ctx) error {
	v, err := p.hostsView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	host := campaigns.Host{
		NameZH: v.Form.Text("name_zh", 60), NameEN: v.Form.Text("name_en", 100, page.Optional),
	}
	host.Certificate, host.CertificateFrom, host.CertificateUntil = readCertificate(v.Form)
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/hosts", v)
	}
	err = p.act(c, "host.add", "host:"+host.NameZH, nil, func(tx *sqlx.Tx, _ string) error {
		_, err := campaigns.AddHost(c.UserContext(), tx, page.Of(c).Community.ID, host)
		return err
	})
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, "/desk/hosts", "host.added", "name", host.Name(string(page.Of(c).Lang)))
}

// hostOptions are the hosts to choose from, and none.
func (p *Pages) hostOptions(c *fiber.Ctx) ([]page.Option, error) {
	options := []page.Option{{Label: page.Of(c).T("raise.no_host")}}
	hosts, err := campaigns.ListHosts(c.UserContext(), p.DB, page.Of(c).Community.ID)
	for _, h := range hosts {
		options = append(options, page.Option{Value: strconv.Itoa(h.ID), Label: h.Name(string(page.Of(c).Lang))})
	}
	return options, err
}
