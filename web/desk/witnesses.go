package desk

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger/transparency"
	"fund/web/auth"
	"fund/web/page"
)

func init() {
	page.Meaning(transparency.ErrWitnessNotFound, fiber.StatusNotFound, "error.missing")
}

// witnessesView is who countersigns our checkpoints, and whose we countersign.
type witnessesView struct {
	Witnesses []transparency.Witness
	Last      map[int]transparency.Countersigned
	Watched   []transparency.Watched
	Forks     []transparency.FoundFork
	Own       string // our key as a witness
	Address   string // where others send us their checkpoints
	Origin    string // of our log, for those who are to watch it
	Form      *page.Form
	May       bool
}

// Witnesses lists both, with the forms to add to them.
func (p *Pages) Witnesses(c *fiber.Ctx) error {
	v, err := p.witnessesView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/witnesses", v)
}

func (p *Pages) witnessesView(c *fiber.Ctx, f *page.Form) (v witnessesView, err error) {
	ctx, community := c.UserContext(), page.Of(c).Community
	v = witnessesView{
		Form: labelled(f, "witness.field", "title", "witness_key", "address", "signature", "log_title", "origin", "log_key"), May: can(c, auth.ManageCommunity),
		Address: page.SiteOf(c).URL(page.Of(c).URL("/witness")), Origin: p.Key.Origin(community.Slug),
	}
	as, err := p.Witness(community.Slug)
	if err != nil {
		return v, err
	}
	v.Own = as.Cosignatory().Public()
	if v.Witnesses, err = transparency.Witnesses(ctx, p.DB, community.ID); err != nil {
		return v, err
	}
	if v.Last, err = transparency.LastCountersigned(ctx, p.DB, community.ID); err != nil {
		return v, err
	}
	if v.Watched, err = transparency.WatchedLogs(ctx, p.DB, community.ID); err != nil {
		return v, err
	}
	v.Forks, err = transparency.Forks(ctx, p.DB, community.ID)
	return v, err
}

// AddWitness puts a witness on the list; one with an address is asked from now on.
func (p *Pages) AddWitness(c *fiber.Ctx) error {
	v, err := p.witnessesView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	w := transparency.Witness{
		Title: v.Form.Text("title", 80), PublicKey: v.Form.Text("witness_key", 300), Address: strings.TrimSuffix(v.Form.Text("address", 300, page.Optional), "/"), AddedAt: p.Now(),
	}
	if _, wrong := transparency.ParseCosignatory(w.PublicKey); wrong != nil && w.PublicKey != "" {
		v.Form.Wrong("witness_key", "witness.wrong.key")
	}
	if w.Address != "" && !strings.HasPrefix(w.Address, "https://") && !onThisMachine(w.Address) {
		v.Form.Wrong("address", "witness.wrong.address")
	}
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/witnesses", v)
	}
	err = p.act(c, "witness.add", "witness:"+w.Title, nil, func(tx *sqlx.Tx, who string) (err error) {
		w.AddedBy = who
		_, err = transparency.AddWitness(c.UserContext(), tx, page.Of(c).Community.ID, w)
		return err
	})
	if errors.Is(err, transparency.ErrWitnessKnown) {
		v.Form.Wrong("witness_key", "witness.wrong.known")
		return page.Again(c, "desk/witnesses", v)
	}
	return p.witnessed(c, err, "witness.added", "name", w.Title)
}

// onThisMachine tells of addresses that need no https, for trying two servers out.
func onThisMachine(address string) bool {
	to, err := url.Parse(address)
	return err == nil && to.Scheme == "http" && (to.Hostname() == "127.0.0.1" || to.Hostname() == "localhost")
}

// AddWatched promises another community to countersign its checkpoints.
func (p *Pages) AddWatched(c *fiber.Ctx) error {
	v, err := p.witnessesView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	w := transparency.Watched{Title: v.Form.Text("log_title", 80), Origin: v.Form.Text("origin", 200), PublicKey: v.Form.Text("log_key", 300), AddedAt: p.Now()}
	if strings.ContainsAny(w.Origin, " +") {
		v.Form.Wrong("origin", "witness.wrong.origin")
	}
	if _, wrong := transparency.ParseVerifier(w.PublicKey); wrong != nil && w.PublicKey != "" {
		v.Form.Wrong("log_key", "witness.wrong.log_key")
	}
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/witnesses", v)
	}
	err = p.act(c, "witness.watch", "log:"+w.Origin, nil, func(tx *sqlx.Tx, who string) (err error) {
		w.AddedBy = who
		_, err = transparency.AddWatched(c.UserContext(), tx, page.Of(c).Community.ID, w)
		return err
	})
	if errors.Is(err, transparency.ErrWitnessKnown) {
		v.Form.Wrong("origin", "witness.wrong.watched")
		return page.Again(c, "desk/witnesses", v)
	}
	return p.witnessed(c, err, "witness.watching", "name", w.Title)
}

// AddSignature takes what a person signed by command and sent us.
func (p *Pages) AddSignature(c *fiber.Ctx) error {
	v, err := p.witnessesView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	signed := c.FormValue("signature") // its line breaks are signed
	if v.Form.Text("signature", 4000); v.Form.AnyWrong() {
		return page.Again(c, "desk/witnesses", v)
	}
	var by []transparency.Witness
	err = p.act(c, "witness.sign", "log", nil, func(tx *sqlx.Tx, _ string) (err error) {
		by, err = transparency.KeepCosignatures(c.UserContext(), tx, page.Of(c).Community.ID, signed)
		return err
	})
	for wrong, key := range map[error]string{
		transparency.ErrUnknownCheckpoint: "witness.wrong.unknown", transparency.ErrMalformed: "witness.wrong.unknown", transparency.ErrNoCosignature: "witness.wrong.nobody",
	} {
		if errors.Is(err, wrong) {
			v.Form.Wrong("signature", key)
			return page.Again(c, "desk/witnesses", v)
		}
	}
	name := ""
	if len(by) > 0 {
		name = by[0].Title
	}
	return p.witnessed(c, err, "witness.signed", "name", name)
}

// EndWitness, ResumeWitness, EndWatched and ResumeWatched end and begin again.
func (p *Pages) EndWitness(c *fiber.Ctx) error {
	return p.turn(c, "witness", func(tx *sqlx.Tx, id int, now time.Time) error {
		return transparency.EndWitness(c.UserContext(), tx, page.Of(c).Community.ID, id, now)
	})
}

// ResumeWitness asks a witness again.
func (p *Pages) ResumeWitness(c *fiber.Ctx) error {
	return p.turn(c, "witness", func(tx *sqlx.Tx, id int, _ time.Time) error {
		return transparency.ResumeWitness(c.UserContext(), tx, page.Of(c).Community.ID, id)
	})
}

// EndWatched countersigns a log no more.
func (p *Pages) EndWatched(c *fiber.Ctx) error {
	return p.turn(c, "log", func(tx *sqlx.Tx, id int, now time.Time) error {
		return transparency.EndWatched(c.UserContext(), tx, page.Of(c).Community.ID, id, now)
	})
}

// ResumeWatched countersigns it again.
func (p *Pages) ResumeWatched(c *fiber.Ctx) error {
	return p.turn(c, "log", func(tx *sqlx.Tx, id int, _ time.Time) error {
		return transparency.ResumeWatched(c.UserContext(), tx, page.Of(c).Community.ID, id)
	})
}

func (p *Pages) turn(c *fiber.Ctx, what string, write func(tx *sqlx.Tx, id int, now time.Time) error) error {
	id, err := page.Number(c, what)
	if err != nil {
		return err
	}
	err = p.act(c, "witness.turn", what+":"+strconv.Itoa(id), nil, func(tx *sqlx.Tx, _ string) error { return write(tx, id, p.Now()) })
	return p.witnessed(c, err, "witness.turned")
}

func (p *Pages) witnessed(c *fiber.Ctx, err error, said string, pairs ...any) error {
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, "/desk/witnesses", said, pairs...)
}

// ToWitnesses leads back who opens the address of a form.
func (p *Pages) ToWitnesses(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL("/desk/witnesses"))
}
