package auth

import "slices"

// Role is what somebody is in one community.
type Role string

// The roles. A resident or a donor has none and does not log in.
const (
	Administrator Role = "administrator"
	Treasurer     Role = "treasurer"
	Auditor       Role = "auditor"
	ShiftLead     Role = "shift_lead" // answers for the tills of a shift
	Cashier       Role = "cashier"
	ProjectLead   Role = "project_lead"
	CouncilMember Role = "council_member"
)

// Roles lists every role, in the order a page shows them.
var Roles = []Role{Administrator, Treasurer, Auditor, ShiftLead, Cashier, ProjectLead, CouncilMember}

// Permission names something that not everybody may do.
type Permission string

// The permissions, from reading over money to people.
const (
	ReadDesk   Permission = "read_desk"   // the staff pages
	ReadBooks  Permission = "read_books"  // the working papers: unposted lines, statements, exports
	ReadDonors Permission = "read_donors" // names and contacts of donors
	ReadAudit  Permission = "read_audit"  // the audit log

	PostEntry      Permission = "post_entry"   // and reverse one
	EnterCash      Permission = "enter_cash"   // a cash gift, with its receipt
	SellAtTill     Permission = "sell_at_till" // and count one's own drawer
	LeadShift      Permission = "lead_shift"   // stands for a drawer's count, approves refunds of sales
	RefundDonation Permission = "refund_donation"
	Reconcile      Permission = "reconcile" // import statements, match, complete
	ClosePeriod    Permission = "close_period"
	ReopenPeriod   Permission = "reopen_period" // by two people
	ManageAccounts Permission = "manage_accounts"

	ManageCampaign  Permission = "manage_campaign"
	PublishCampaign Permission = "publish_campaign"
	ManageSale      Permission = "manage_sale" // sale events, items, ventures

	ManageProject      Permission = "manage_project"
	ReportOutcome      Permission = "report_outcome"
	ArrangeHelp        Permission = "arrange_help"        // between neighbours: their names and telephones, their hours
	ManageOrganisation Permission = "manage_organisation" // groups and social organisations: profiles, activities, agreements, invoices
	VoteMotion         Permission = "vote_motion"
	RequestPayment     Permission = "request_payment"
	ApprovePayment     Permission = "approve_payment" // never one's own: the database refuses
	PayRequest         Permission = "pay_request"

	ManagePeople    Permission = "manage_people"
	ManageCommunity Permission = "manage_community" // its name, host, languages; nothing with an amount
)

// Oneself is what everybody who is logged in may do: see to their own account. No role gives it.
const Oneself Permission = "oneself"

// mayBy says which roles may do what. Administrators manage people and cannot post; auditors read
// everything and write nothing.
var mayBy = map[Permission][]Role{
	ReadDesk:   Roles,
	ReadBooks:  {Treasurer, Auditor},
	ReadDonors: {Treasurer, Auditor},
	ReadAudit:  {Treasurer, Auditor, Administrator},

	PostEntry:      {Treasurer},
	EnterCash:      {Treasurer, Cashier},
	SellAtTill:     {Treasurer, ShiftLead, Cashier},
	LeadShift:      {Treasurer, ShiftLead},
	RefundDonation: {Treasurer},
	Reconcile:      {Treasurer},
	ClosePeriod:    {Treasurer},
	ReopenPeriod:   {Treasurer, CouncilMember},
	ManageAccounts: {Treasurer},

	ManageCampaign:  {Treasurer, ProjectLead},
	PublishCampaign: {Treasurer},
	ManageSale:      {Treasurer},

	ManageProject:      {ProjectLead},
	ReportOutcome:      {ProjectLead},
	ArrangeHelp:        {ProjectLead},
	ManageOrganisation: {Treasurer, ProjectLead},
	VoteMotion:         {CouncilMember},
	RequestPayment:     {ProjectLead, Treasurer},
	ApprovePayment:     {CouncilMember, Treasurer},
	PayRequest:         {Treasurer},

	ManagePeople:    {Administrator},
	ManageCommunity: {Administrator},
}

// May tells whether the role alone may do p.
func (r Role) May(p Permission) bool { return slices.Contains(mayBy[p], r) }

// Can tells whether the user may do p in the community. A disabled user can do nothing.
func (u User) Can(p Permission, community int) bool {
	return u.DisabledAt == nil && slices.ContainsFunc(u.Roles[community], func(r Role) bool { return r.May(p) })
}
