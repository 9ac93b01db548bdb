"""Withdrawn is what the authors or arXiv say of this paper, not of another."""

from __future__ import annotations

import pytest

from bot.model.withdrawal import withdrawal

COMMENTS = """
This paper has been withdrawn
This paper has been withdrawn by the author(s) due to an error in Lemma 2
Withdrawn by the authors
12 pages. This submission has been withdrawn by arXiv administrators
paper withdrawn
The paper is withdrawn
Withdrawn
WITHDRAWN
Error in eq. 12. Withdrawn
Error in eq. 12; withdrawn
Retracted
Retracted due to an error in the main theorem
Paper retracted
The authors have withdrawn
The authors have withdrawn this paper
The authors have withdrawn this manuscript because the dataset was flawed.
The author has decided to withdraw this submission
Authors withdrew the paper
We withdraw this paper because of a gap in the proof
I have withdrawn this article
We have decided to withdraw it.
removed by arXiv administrators
This article has been removed by arXiv administrators because the submitter did not have the right
This version has been removed by arXiv administrators due to copyright infringement
arXiv admin note: submission has been withdrawn by arXiv administrators due to text reuse
This submission has been removed by arXiv administrators
10 pages, 3 figures; this paper has been withdrawn by the author
This preprint has been temporarily withdrawn pending a correction
Withdrawn pending revision
Withdrawn, superseded by arXiv:2001.00001
Withdrawn as it is now part of arXiv:2001.00001
Superseded by arXiv:2001.00001; this paper is withdrawn
This paper was withdrawn because of a crucial sign error in equation 3
The manuscript has been withdrawn until the error is corrected
Withdrawn; will be replaced by a corrected version
This work has been withdrawn from arXiv
This has been withdrawn by the authors
Our paper has been retracted
[Withdrawn]
(withdrawn)
Withdrawn due to an error; 5 pages
This e-print has now been withdrawn
The present paper is withdrawn by the authors
This work has been superseded by arXiv:2001.00001 and is withdrawn
Unfortunately the paper contains an error and has been withdrawn
There is a fatal flaw in Lemma 2; the paper is therefore withdrawn
This paper had to be withdrawn owing to a mistake
We are withdrawing this paper due to a bug
Please disregard: withdrawn because of an error
Withdrawal: an error was found in the proof
To be withdrawn
"""
NOT_COMMENTS = """
12 pages
Supersedes the withdrawn arXiv:2001.00001
replaces arXiv:0901.0001, which has been withdrawn
This paper replaces arXiv:0901.0001 which was withdrawn
arXiv:0901.0001 has been withdrawn; this is its successor
the previous version was withdrawn, now corrected
An earlier version was withdrawn because of an error
Previous version withdrawn
v2 was withdrawn by mistake
Version 1 has been withdrawn; please read version 2
The first version of this paper was withdrawn
This paper was withdrawn because of an error, which is now fixed
This paper was withdrawn in 2019; the error has been corrected
This paper was withdrawn and is now reinstated
Withdrawn from ICLR 2024
This paper was withdrawn from NeurIPS, accepted at ICML
Dataset of drugs withdrawn from the market
Withdrawn drugs data at https://example.org
The companion paper has been withdrawn
This paper has not been withdrawn
The proof of Lemma 2 was removed
An appendix was removed
Section 4 has been removed, 3 figures added
Typos removed
We retract the claim of Section 3
Code removed from the repository; 10 pages
An earlier version (arXiv:1901.00001) has been withdrawn
This paper analyses a drug that was dangerous and was withdrawn
This paper extends arXiv:1901.00001, which was wrong and has been withdrawn
Withdrawal symptoms: a model
On retracted papers and their citations; 12 pages
"""
ABSTRACTS = """
This paper has been withdrawn due to a crucial error.
This paper was withdrawn by the author.
Withdrawn.
The authors have withdrawn this paper.
This submission has been removed by arXiv administrators because it violates copyright.
We study a model of X. It has Y. [This paper has been withdrawn by the author]
This article has been retracted at the request of the authors.
"""
NOT_ABSTRACTS = """
We study when banks from which money has been withdrawn fail.
The drug that was withdrawn in 2004 is modelled.
Withdrawn drugs are a problem of medicine.
Many drugs were withdrawn from the market. We predict which. Our model is good.
We analyse retracted papers. A paper is retracted when its data are false. Many are.
Background noise is removed by a filter.
The electrode was withdrawn and the tissue removed.
"""


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


@pytest.mark.parametrize("comment", lines(COMMENTS))
def test_a_comment_that_says_it(comment: str) -> None:
    assert withdrawal("A title", "We study things.", comment) is not None


@pytest.mark.parametrize("comment", lines(NOT_COMMENTS))
def test_a_comment_that_says_it_of_something_else(comment: str) -> None:
    assert withdrawal("A title", "We study things.", comment) is None


@pytest.mark.parametrize("abstract", lines(ABSTRACTS))
def test_an_abstract_that_says_it(abstract: str) -> None:
    assert withdrawal("A title", abstract, None) is not None


@pytest.mark.parametrize("abstract", lines(NOT_ABSTRACTS))
def test_an_abstract_that_says_it_of_something_else(abstract: str) -> None:
    assert withdrawal("A title", abstract, "12 pages") is None


def test_a_title_may_say_it() -> None:
    assert withdrawal("Withdrawn: A proof of everything", "", None) == ""
    assert withdrawal("RETRACTED ARTICLE: A proof", "", None) == ""
    assert withdrawal("Withdrawn states of matter", "", None) is None


def test_the_reason_is_what_was_said() -> None:
    said = "This paper has been withdrawn by the author due to an error in Lemma 2"
    assert withdrawal("", "", said) == said
    assert withdrawal("", "", "Error in eq. 12. Withdrawn") == ""
    assert withdrawal("", "", "Withdrawn") == ""
    assert withdrawal("", "This paper has been withdrawn.", None) == ""
