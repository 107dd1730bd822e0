"""A content folder small enough to read at a glance: two invented typologies, without a fault."""

from pathlib import Path

BANK = """\
name: {zh-Hans: 小河银行, en: Brook Bank}
number: "95000"
number_words: {zh-Hans: 卡背面的电话, en: the number on your card}
home_places: {zh-Hans: [cn], zh-Hant: [cn], en: [cn]}
"""

HOTLINES = """\
places:
  - id: cn
    name: {zh-Hans: 中国内地, en: mainland China}
    mentions: [北京]
hotlines:
  - id: cn_police
    place: cn
    role: police
    number: "110"
    name: {zh-Hans: 报警电话, en: Police}
    caution: {zh-Hans: 先打这个。, en: This one first.}
    valid_until: "2099-12-31"
  - id: cn_advice
    place: cn
    role: advice
    number: "96110"
    name: {zh-Hans: 反诈专线, en: Advice line}
    caution: {zh-Hans: 自己拨。, en: Dial it yourself.}
    valid_until: "2099-12-31"
"""

VARIANTS = """\
variants:
  薇信: 微信
"""

FRAMES = """\
frames:
  - id: act_transfer
    group: act
    patterns: {zh: [转账, 转钱, 汇款], en: [transfer, send money]}
  - id: talk_homework
    group: talk
    patterns: {zh: [作业, 新闻], en: [homework]}
    says: {zh-Hans: 只是在谈论。, en: Only talking about it.}
"""

QUESTIONS = """\
questions:
  - id: money_gone
    text: {zh-Hans: 钱转出去了吗？, en: "Has money left?"}
    yes: {urgency: already-paid}
  - id: lost_a_pet
    text: {zh-Hans: 您家走失过宠物吗？, en: "Have you lost a pet?"}
    yes: {toward: [pet_ransom]}
    no: {toward: [parcel_fee]}
"""

REPLIES = """\
replies:
  - id: greet
    text: {zh-Hans: "我是机器。急事拨{police}。", en: "I am a machine. Urgent: {police}."}
    buttons:
      - {title: {zh-Hans: 找真人, en: A person}, payload: "do:person"}
  - id: "yes"
    text: {zh-Hans: 是, en: "Yes"}
"""

ANSWERS = """\
answers:
  - id: what_is_ransom
    asks: {zh: [什么是宠物赎金], en: [what is a pet ransom]}
    title: {zh-Hans: 什么是宠物赎金？, en: "What is a pet ransom?"}
    text: {zh-Hans: "假装捡到宠物要钱。拿不准拨{advice}。", en: "Someone claims to have your pet. Ask {advice}."}
    sources: [小河银行]
"""

TYPOLOGY = """\
id: {id}
kind: typology
names: {{zh-Hans: {zh}, en: {en}}}
summary: {{zh-Hans: 骗子说{zh}的事。, en: A story about {en}.}}
steps:
  - {{stage: contact, zh-Hans: 先发消息。, en: First a message.}}
victims: {{zh-Hans: 大家, en: anyone}}
methods: []
red_flags:
  - id: {id}_words
    act: transfer
    strength: strong
    says: {{zh-Hans: 先付钱的是骗局。, en: Paying first is the trick.}}
    patterns: {{zh: [{flag_zh}], en: [{flag_en}]}}
never:
  - {{zh-Hans: 没人这样收钱。, en: Nobody collects money so.}}
actions:
  ask: {{command: {{zh-Hans: 先问清楚。, en: Ask first.}}, steps: [{{zh-Hans: "拨{{advice}}。", en: "Call {{advice}}."}}]}}
  warn: {{command: {{zh-Hans: 先别理。, en: Don't answer.}}, steps: [{{zh-Hans: "拨{{advice}}。", en: "Call {{advice}}."}}]}}
  stop-now: {{command: {{zh-Hans: 先别转钱。, en: Don't pay.}}, steps: [{{zh-Hans: "拨{{police}}。", en: "Call {{police}}."}}]}}
  already-paid: {{command: {{zh-Hans: "先拨{{police}}。", en: "Call {{police}}."}}, steps: [{{zh-Hans: 留好记录。, en: Keep it all.}}]}}
"""

CASES = """\
cases:
  - id: {id}-1
    title: {{zh-Hans: {zh}之一, en: First {en}}}
    stage: contact
    story: {{zh-Hans: 老周收到消息，没有理它。, en: Zhou got a message and let it be.}}
    lesson: {{zh-Hans: 不理最好。, en: Leave it.}}
  - id: {id}-2
    title: {{zh-Hans: {zh}之二, en: Second {en}}}
    stage: demand
    story: {{zh-Hans: 小吴差一点付了钱。, en: Wu nearly paid.}}
    lesson: {{zh-Hans: 差一点也要说出来。, en: Tell someone.}}
  - id: {id}-3
    title: {{zh-Hans: {zh}之三, en: Third {en}}}
    stage: escalate
    story: {{zh-Hans: 孙阿姨付了两次，报了警。, en: Mrs Sun paid twice and told the police.}}
    lesson: {{zh-Hans: 报警不晚。, en: It is never too late.}}
"""

PARCEL_EXAMPLES = """\
zh:
  first:
    warn:
      - 短信说我的快递要补交关税才放行
      - 有个号码讲包裹卡在海关，叫我补税
      - 快递员来消息要清关费，说不交就退回
      - 包裹异常，让点链接缴关税
    stop-now:
      - 海关客服催我现在补关税，我正要输密码
      - 我打开网银了，准备交那个包裹的清关费
    already-paid:
      - 刚交了包裹的关税三百块，对方不见了
      - 清关费我付过了，快递还是没来
en:
  first:
    warn:
      - a text says my parcel is held until I pay a customs fee
      - they want a redelivery fee for a box I never ordered
    already-paid:
      - I paid the parcel clearance charge and heard nothing more
"""

PET_EXAMPLES = """\
zh:
  first:
    warn:
      - 有人说捡到我家的狗，先要赎金
      - 陌生人讲猫在他那里，打款才给看照片
      - 贴了寻猫启事，来电要我先付感谢费
      - 说小狗受伤了，叫我垫医药费才还
    stop-now:
      - 捡到猫的人催我马上转赎金，我在填金额
      - 他说再不打款就把狗送走，我要转了
    already-paid:
      - 赎金给了他两百，狗没有还回来
      - 转完感谢费他就把我拉黑了，猫呢
en:
  first:
    warn:
      - someone says he found my dog and wants a ransom first
      - a stranger has my cat and asks for a reward up front
    already-paid:
      - I sent the ransom for my dog and he blocked me
"""

BENIGN = """\
zh:
  question:
    none:
      - 几点开门
      - 存折换新要带什么
      - 怎么改手机号
      - 利率多少
      - 外币能不能在这里取
      - 老家的卡在这边能用吗
  first:
    none:
      - 今天下雨了
      - 谢谢你的帮助
      - 晚上吃面条
      - 孩子考上大学很高兴
en:
  question:
    none:
      - when do you open
      - how do I change my address
"""


def _typology(name: str, zh: str, en: str, flag_zh: str, flag_en: str) -> str:
    return TYPOLOGY.format(id=name, zh=zh, en=en, flag_zh=flag_zh, flag_en=flag_en)


FILES = {
    "bank.yml": BANK,
    "hotlines.yml": HOTLINES,
    "variants.yml": VARIANTS,
    "frames/frames.yml": FRAMES,
    "questions/general.yml": QUESTIONS,
    "replies/dialogue.yml": REPLIES,
    "answers/pets.yml": ANSWERS,
    "typologies/parcel_fee.yml": _typology("parcel_fee", "包裹关税", "parcel fee", "关税, 清关费", "customs fee"),
    "typologies/pet_ransom.yml": _typology("pet_ransom", "宠物赎金", "pet ransom", "赎金, 感谢费", "ransom"),
    "cases/parcel_fee.yml": CASES.format(id="parcel_fee", zh="包裹", en="parcel"),
    "cases/pet_ransom.yml": CASES.format(id="pet_ransom", zh="宠物", en="pet"),
    "examples/parcel_fee.yml": PARCEL_EXAMPLES,
    "examples/pet_ransom.yml": PET_EXAMPLES,
    "benign/talk.yml": BENIGN,
}


# ---- Products, for the tests that are about them ----

AUDIENCES = """\
audiences:
  - id: elders
    name: {zh-Hans: 老人, en: Old people}
"""

WARNINGS = """\
warnings:
  - id: pet_ransom-2-warning
    from_case: pet_ransom-2
    typology: pet_ransom
    title: {zh-Hans: 先看到猫再说, en: See the cat first}
    text: {zh-Hans: "要先付赎金的，别付。拨{police}。", en: "Pay no ransom first. Call {police}."}
    channels: [chat, web]
    priority: 1
    quiz: pet_ransom-2-quiz
    start: "2026-11-01"
    end: "2026-12-31"
"""

SCREENS = """\
screens:
  - id: pet_ransom-2-screen
    from_case: pet_ransom-2
    audiences: [elders]
    title: {zh-Hans: 先看到猫再说, en: See the cat first}
    lines: [{zh-Hans: "拿不准拨{advice}", en: "Ask {advice}"}]
    start: "2026-11-01"
    end: "2026-12-31"
"""

LED = """\
led:
  - id: pet_ransom-2-led
    from_case: pet_ransom-2
    text: "先要赎金的，马上拨{police}"
    start: "2026-11-01"
    end: "2026-12-31"
"""

QUIZ = """\
quiz:
  - id: pet_ransom-2-quiz
    from_case: pet_ransom-2
    question: {zh-Hans: 先做什么？, en: What first?}
    options:
      - {zh-Hans: 付钱, en: Pay}
      - {zh-Hans: 先看到猫, en: See the cat}
    right: 2
    why: {zh-Hans: 付了也没有猫。, en: Paying brings no cat.}
    start: "2026-11-01"
    end: "2026-12-31"
"""

LED_TEMPLATE = """\
id: led
name: {zh-Hans: 字幕, en: Sign}
makes: led
days: 90
body:
  text: {any: ["{lesson}", "{command}"]}
"""

WARNING_TEMPLATE = """\
id: warning
name: {zh-Hans: 预警, en: Warning}
makes: warning
days: 30
body:
  title: {zh-Hans: "{scam}", en: "{scam}"}
  text: {zh-Hans: "{lesson}拨{advice}。", en: "{lesson} Call {advice}."}
  channels: [chat]
"""

PRODUCT_FILES = {
    "audiences.yml": AUDIENCES,
    "warnings/all.yml": WARNINGS,
    "screens/all.yml": SCREENS,
    "led/all.yml": LED,
    "quiz/all.yml": QUIZ,
    "templates/led.yml": LED_TEMPLATE,
    "templates/warning.yml": WARNING_TEMPLATE,
}


def write_tiny(folder: Path, *, products: bool = False) -> Path:
    """Write the tiny content under `folder`, which need not exist; gives `folder`."""
    for path, text in {**FILES, **(PRODUCT_FILES if products else {})}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder
