"""What people call fields of research, and arXiv's categories for them."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from bot.model import taxonomy

_CALLED: Final = """
cs.CL: nlp, natural language processing, computational linguistics, language, linguistics, llm,
    llms, language models, large language models, text, machine translation, 자연어처리,
    자연어 처리, 자연어, 언어모델, 언어
cs.AI: ai, artificial intelligence, 인공지능, reasoning, planning, agents
cs.CV: cv, vision, computer vision, image, images, video, object detection, segmentation,
    컴퓨터비전, 컴퓨터 비전, 비전, 영상
cs.LG stat.ML: ml, machine learning, learning, deep learning, dl, neural networks, 머신러닝,
    기계학습, 기계 학습, 딥러닝, 딥 러닝
cs.LG cs.AI: rl, reinforcement learning, 강화학습, 강화 학습
cs.RO: robotics, robot, robots, robotic, ro, 로보틱스, 로봇, 로봇공학
cs.CR: crypto, cryptography, security, cybersecurity, privacy, blockchain, 암호, 보안, 정보보안
cs.IR: ir, information retrieval, retrieval, search, recommender systems, recommendation, recsys,
    rag, 정보검색, 정보 검색, 검색, 추천, 추천시스템
cs.HC: hci, hc, human-computer interaction, human computer interaction, ux, 인간컴퓨터상호작용,
    휴먼컴퓨터
cs.GR: graphics, computer graphics, rendering, 그래픽스, 그래픽, 컴퓨터그래픽스
cs.SE: se, software, software engineering, code, 소프트웨어, 소프트웨어공학
cs.PL: pl, programming languages, programming, compilers, 프로그래밍언어, 프로그래밍 언어
cs.DB: db, dbs, database, databases, data management, 데이터베이스
cs.DC: dc, distributed, distributed computing, parallel computing, hpc, cloud, 분산, 분산컴퓨팅
cs.NI: networking, networks, internet, 네트워크
cs.OS: os, operating systems, 운영체제
cs.AR: architecture, computer architecture, hardware, 하드웨어, 컴퓨터구조
cs.DS: algorithms, data structures, 알고리즘, 자료구조
cs.CC: complexity, complexity theory, computational complexity, tcs, theory, 계산복잡도
cs.LO math.LO: logic, 논리
cs.FL: automata, formal languages
cs.GT: game theory, mechanism design, 게임이론
cs.MA: multiagent, multi-agent, multi-agent systems, mas
cs.NE: evolutionary, genetic algorithms, neuroevolution, ne
cs.SI: social networks, network science
cs.CY: society, ethics, fairness, education, computers and society
cs.DL: digital libraries, bibliometrics, scientometrics
cs.MM: multimedia, 멀티미디어
cs.SD eess.AS: speech, audio, sound, music, asr, tts, 음성, 오디오, 음악
eess.IV: image processing, medical imaging, 의료영상
eess.SP: signal processing, signals, dsp, 신호처리, 신호 처리
eess.SY: control, control theory, systems and control, 제어
cs.IT: information theory, coding theory, 정보이론
quant-ph: quantum, quantum physics, quantum computing, quantum information, qc, qi, qis, 양자,
    양자컴퓨팅, 양자역학
hep-ph hep-th hep-ex hep-lat: hep, high energy physics, particle physics, particles, 입자물리,
    고에너지물리
hep-th: string theory, strings, 끈이론
gr-qc: gr, gravity, relativity, general relativity, black holes, gravitational waves, 중력,
    상대성이론
nucl-th nucl-ex: nuclear, nuclear physics, nucl, 핵물리
astro-ph.*: astro, astronomy, astrophysics, space, 천문, 천문학, 천체물리, 우주
astro-ph.CO: cosmology, cosmo, dark matter, 우주론
astro-ph.EP: exoplanets, planets, planetary, 행성, 외계행성
astro-ph.GA: galaxies, galaxy, 은하
astro-ph.SR: stars, solar, sun, 별, 태양
astro-ph.HE: high energy astrophysics, neutron stars
astro-ph.IM: instrumentation, telescopes
cond-mat.*: condensed matter, condmat, cond mat, solid state, 응집물질
cond-mat.mtrl-sci: materials, materials science, 재료, 재료과학
cond-mat.supr-con: superconductivity, superconductors, 초전도
cond-mat.stat-mech: statistical mechanics, stat mech, 통계역학
cond-mat.soft: soft matter, polymers
physics.*: physics, 물리, 물리학
physics.optics: optics, photonics, lasers, 광학
physics.flu-dyn: fluids, fluid dynamics, cfd, turbulence, 유체역학
physics.plasm-ph: plasma, fusion, 플라즈마
physics.chem-ph: chemistry, chemical physics, chem, 화학
physics.ao-ph: climate, weather, atmosphere, ocean, meteorology, 기후, 기상
physics.geo-ph: geophysics, seismology, earthquakes, 지구물리
physics.med-ph: medical physics, medicine, medical, 의학물리
physics.soc-ph: econophysics, sociophysics
q-bio.*: bio, biology, qbio, 생물, 생물학
q-bio.NC: neuro, neuroscience, brain, 뇌과학, 신경과학
q-bio.GN: genomics, genetics, dna, 유전체
q-bio.BM: proteins, protein, biomolecules, drug discovery, 단백질
q-fin.*: finance, fin, qfin, quant, trading, 금융, 재무
econ.*: economics, econ, economy, 경제, 경제학
econ.EM stat.ME: econometrics, 계량경제
stat.*: statistics, stats, stat, 통계, 통계학
stat.ME: methodology, causal inference, biostatistics
stat.CO: mcmc, computational statistics
math.*: math, maths, mathematics, 수학
math.PR: probability, stochastic processes, 확률, 확률론
math.OC: optimization, optimisation, optimal control, 최적화
math.NA: numerical analysis, numerics, 수치해석
math.AP: pde, pdes, partial differential equations, analysis of pdes, 편미분방정식
math.NT: number theory, 정수론
math.CO: combinatorics, graph theory, 조합론
math.AG: algebraic geometry, 대수기하
math.DG: differential geometry, geometry, 미분기하
math.AT: algebraic topology, topology, 위상수학
math.DS: dynamical systems, dynamics, 동역학계
math.RT: representation theory, 표현론
math.GR: group theory, groups, 군론
math.FA: functional analysis, 함수해석
math.CT: category theory, categories
math-ph: mathematical physics, 수리물리
"""
_LINE: Final = re.compile(r"^(\S[^:]*):((?:.*\n)(?:[ ]+.*\n)*)", re.MULTILINE)


def meant_by(typed: str) -> tuple[str, ...]:
    """The categories and archives (`cs.*`) that people mean by a field's name or nickname."""
    return _meanings().get(_key(typed), ())


def called_like(typed: str) -> list[str]:
    """The categories and archives that people call by a name that begins so, whole names first."""
    wanted = _key(typed)
    if not wanted:
        return []
    found = dict.fromkeys(meant_by(typed))
    if len(wanted) > 2 or not wanted.isascii():
        for name, meant in _meanings().items():
            if name.startswith(wanted):
                found |= dict.fromkeys(meant)
    return list(found)


def categories_meant(text: str) -> str | None:
    """The categories that were probably meant: by what people call them, else by their letters, of
    the archive that was named, if one was."""
    archive, dot, subject = text.partition(".")
    named = taxonomy.archive(archive)
    called = meant_by(text) or (meant_by(subject) if dot else ())
    if not called and "*" in text:
        called = meant_by(text.rstrip(".*"))
    if called:
        return ", ".join(called)
    meant = taxonomy.nearest(text)
    if meant is None or named is None or not dot:
        return meant
    own = {one.id for one in named.categories if one.archive == named.id}
    return meant if meant in own else f"{named.id}.*"


def _key(typed: str) -> str:
    return " ".join(typed.casefold().replace("_", " ").replace("-", " ").split())


@cache
def _meanings() -> dict[str, tuple[str, ...]]:
    return {
        _key(name): tuple(match[1].split())
        for match in _LINE.finditer(_CALLED)
        for name in match[2].split(",")
        if name.strip()
    }
