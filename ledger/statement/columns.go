package statement

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// What banks call their columns, folded, the best name first. A header is a
// bank's when it has a day and a way to say an amount.
var (
	dateNames = words(`交易日期 交易日 记账日期 记账日 入账日期 入账日 银行记账日 会计日期 过账日期 起息日 日期 交易时间 记账时间 入账时间 发生时间
		交易日期时间 交易创建时间 交易成功时间 创建时间
		bookingdate bookdate transactiondate date posteddate dateposted postdate postingdate posted completeddate valuedate
		dateopération dateoperation datecomptable datedecomptabilisation datevaleur datedevaleur
		buchungstag buchungsdatum buchung valutadatum valuta wertstellung datum boekdatum transactiedatum
		fecha fechaoperación fechaoperacion fechavalor data datacontabile dataoperazione datalançamento datalancamento datetime date/time startdate`)
	timeNames = words(`交易时间 记账时间 入账时间 时间 time transactiontime heure uhrzeit`)
	inNames   = words(`记账金额(收入) 收入金额 收入 贷方发生额 贷方金额 贷方发生额(收入) 贷方 存入金额 存入 转入金额 收方金额 收款金额 进账 交易金额(收入)
		credit creditamount credits moneyin paidin deposit deposits depositamount crédit haben gutschrift abono haber ingreso ingresos entrate avere credito crédito bij in inflow`)
	outNames = words(`记账金额(支出) 支出金额 支出 借方发生额 借方金额 借方发生额(支出) 借方 支取金额 取出金额 取出 转出金额 付方金额 付款金额 交易金额(支出)
		debit debitamount debits moneyout paidout withdrawal withdrawals withdrawalamount débit soll lastschrift cargo cargos debe gasto uscite dare addebiti debito débito af out outflow`)
	amountNames = words(`入账金额 记账金额 结算金额 人民币金额 入账币种/金额 交易金额 金额 发生额 交易额 收支金额 实付金额 交易发生额
		amount transactionamount billingamount amountlocal montant betrag umsatz importe importo valor bedrag value sum amt quantity kwota beløb belopp summa`)
	balanceNames = words(`余额 本次余额 账户余额 帐户余额 联机余额 卡余额 交易后余额 账面余额 当前余额 账户结余 可用余额
		balance runningbalance accountbalance balanceafter solde saldo kontostand saldonachbuchung`)
	flagNames = words(`借贷 借贷标志 借贷标识 借贷方向 借/贷 贷/借 借贷标记 借贷类型 记账方向 资金方向 收支 收/支 收支类型 收支标志 收支方向 收/付 交易方向
		d/c dc dr/cr cr/dr c/d debit/credit credit/debit debitcredit creditdebit creditdebitindicator debitcreditindicator drcr crdr sens soll/haben s/h h/s afbij bijaf afbij bij/af transactiontype type direction`)
	currencyNames = words(`币种 币别 货币 记账币种 入账货币 结算币种 交易币种 交易货币 货币种类 币种名称
		currency ccy billingcurrency accountcurrency devise währung waehrung moneda divisa muntsoort valutacode`)
	idNames = words(`交易流水号 流水号 交易流水 日志号 交易日志号 银行流水号 核心流水号 柜员流水号 账户明细编号-交易流水号 交易编号 交易订单号 交易单号 交易参考号 凭证号 凭证号码
		transactionid fitid id reference référence ref transactionreference referencenumber referenz kundenreferenz referentie referencia operationnumber numérodopération numerodoperation numéro numérod'opération numerod'operation`)
	counterpartyNames = words(`对方户名 对方账户名 对方账户名称 对方名称 对方单位名称 对手方名称 对方账户户名 对手姓名 对手户名 对手名称 对手信息 对方信息 对方姓名 对方单位 交易对方 交易对手 收/付款人名称 收款人/付款人 商户名称
		partnername counterparty counterpartyname payee payer name beneficiary merchantname merchant tiers contrepartie
		empfänger auftraggeber/empfänger empfänger/auftraggeber begünstigter/zahlungspflichtiger beguenstigter/zahlungspflichtiger zahlungsempfänger auftraggeber naamtegenpartij tegenpartij naam/omschrijving beneficiario`)
	memoNames = words(`摘要 交易摘要 摘要说明 交易类型 交易名称 交易描述 交易说明 交易分类 交易详情 订单标题 附言 交易附言 交易备注 用途 客户摘要 备注 交易场所 交易地点-附言
		description memo label libellé libelle libellesimplifie libellésimplifié informationscomplementaires détail detail details text verwendungszweck buchungstext narrative particulars communication mededelingen omschrijving concepto descripción descripcion descrizione causale descrição descricao histórico historico motif remarks note notes transactiondescription`)
	accountNames = words(`借记卡号 本方账号 我方账号 本方卡号 客户账号 账号 卡号`)
	tailNames    = words(`卡号末四位 卡末四位 卡号后四位 卡后四位 卡号末4位 卡末4位 卡后4位 卡号后4位`)
)

func words(s string) []string { return strings.Fields(s) }

// columns says where the parts of a line stand; -1 where there is none.
type columns struct {
	date, time             []int // the first that is filled
	in, out, amount, flag  int
	balance, currency, id  int
	counterparty           []int
	memo                   []int
	point                  point
	order                  dateOrder
	spending               bool // an unsigned or positive amount is spending
	described              bool // amounts are unsigned, the description tells
	inFlags, outFlags      map[string]bool
	pointKnown, orderKnown bool
	account                int // of the rows, where it does not stand above them
}

// guess finds the columns by their names.
func (h *header) guess() columns {
	c := columns{
		date: h.cols(dateNames...), in: h.col(inNames...), out: h.col(outNames...), amount: h.col(amountNames...),
		flag: h.col(flagNames...), balance: h.col(balanceNames...), currency: h.col(currencyNames...), id: h.col(idNames...),
		counterparty: h.cols(counterpartyNames...), memo: h.cols(memoNames...), account: h.col(accountNames...),
	}
	for _, t := range h.cols(timeNames...) {
		if len(c.date) > 0 && t != c.date[0] {
			c.time = append(c.time, t)
		}
	}
	if c.in >= 0 || c.out >= 0 {
		c.amount = -1
	}
	if c.amount >= 0 && c.flag < 0 {
		c.flag = slices.IndexFunc(h.folded, tellsSide)
	}
	if c.amount >= 0 && h.folded[c.amount] == "入账币种/金额" {
		c.described = true
	}
	return c
}

// tellsSide tells a flag's name that is in no list, such as 借贷状态: passed
// over, a payment would be read as money that came in.
func tellsSide(name string) bool {
	return strings.Contains(name, "借贷") || strings.Contains(name, "收支") || strings.Contains(name, "收付")
}

// fits says whether the columns can make a line.
func (c columns) fit() bool {
	return len(c.date) > 0 && (c.amount >= 0 || c.in >= 0 && c.out >= 0)
}

func (h *header) chinese() bool {
	return strings.ContainsFunc(strings.Join(h.names, ""), func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

func isBankCN(h *header) bool {
	return h.chinese() && len(h.names) >= 3 && h.guess().fit()
}

func isTableIntl(h *header) bool {
	return !h.chinese() && len(h.names) >= 2 && h.guess().fit()
}

// isCard tells a credit card's file, in which a plain positive sum is spending.
// What gives it away: the word, the card's last figures, or both the day of the
// purchase and the day of booking without a balance.
func (h *header) isCard(c columns) bool {
	if c.amount < 0 || c.flag >= 0 || c.balance >= 0 {
		return false
	}
	if strings.Contains(h.aboveText(), "信用卡") || h.col(tailNames...) >= 0 {
		return true
	}
	return h.chinese() && h.col("交易日期", "交易日") >= 0 && h.col("记账日期", "记账日", "入账日期", "入账日", "银行记账日") >= 0
}

// bankNames are the banks whose files print their name above the header, or
// are known by a column that no other has.
var bankNames = []struct{ layout, mark string }{
	{"icbc", "工商银行|明细查询文件下载"},
	{"ccb", "建设银行|China Construction Bank"},
	{"cmb", "招商银行"},
	{"boc", "中国银行"},
	{"bocom", "交通银行"},
	{"abc", "农业银行"},
	{"spdb", "浦发银行|浦东发展银行"},
	{"citic", "中信银行"},
	{"cib", "兴业银行"},
	{"cgb", "广发银行"},
}

// bank names the layout as well as the file allows.
func (h *header) bank() string {
	above := h.aboveText()
	for _, b := range bankNames {
		for mark := range strings.SplitSeq(b.mark, "|") {
			if strings.Contains(above, mark) {
				return b.layout
			}
		}
	}
	switch {
	case h.has("日志号", "本次余额"):
		return "abc"
	case h.has("联机余额", "客户摘要"):
		return "cmb"
	case h.has("借贷", "交易地点"), h.has("入账币种/金额"):
		return "bocom"
	case h.has("卡末四位", "结算金额"):
		return "citic"
	}
	return "table"
}

var currencyCodes = map[string]string{
	"人民币": "CNY", "人民币元": "CNY", "rmb": "CNY", "cny": "CNY", "美元": "USD", "港币": "HKD", "港元": "HKD", "欧元": "EUR", "日元": "JPY",
	"英镑": "GBP", "澳元": "AUD", "加元": "CAD", "新加坡元": "SGD", "瑞士法郎": "CHF", "€": "EUR", "£": "GBP",
}

var isoCurrency = regexp.MustCompile(`^[A-Za-z]{3}$`)

// currencyOf reads a code or a name, "" when it is neither.
func currencyOf(s string) string {
	s = strings.TrimSpace(s)
	if c := currencyCodes[strings.ToLower(s)]; c != "" {
		return c
	}
	for name, c := range currencyCodes {
		if len(name) > 3 && strings.Contains(s, name) {
			return c
		}
	}
	if isoCurrency.MatchString(s) {
		return strings.ToUpper(s)
	}
	return ""
}

var currencyLabel = regexp.MustCompile(`(?:币\s*种|卡内账户|Currency|Devise)\s*[:：]?\s*\t?\s*\[?\s*([^\]\t\n"]+)`)
