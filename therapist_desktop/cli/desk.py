"""What a command works with: an open practice, who signed in, and where passwords come from.

Every command loads this, so that what takes half a second to load is loaded only by whoever signs in: not by
``--help``, nor to print a blank safety plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from therapist_desktop import paths
from therapist_desktop.cli.printing import say
from therapist_desktop.cli.questions import Problem, ask_secret
from therapist_desktop.models.errors import UserError
from therapist_desktop.system.secret_input import read_secret

if TYPE_CHECKING:
    from therapist_desktop.models.people import Person
    from therapist_desktop.services.practices import Login, SignedIn
    from therapist_desktop.services.reference import Reference
    from therapist_desktop.storage.practice import Practice


@dataclass
class Setup:
    """The options before the command."""

    folder: Path | None
    login: str | None = None
    password_descriptor: int | None = None
    use_keyring: bool = False
    _password: str | None = field(default=None, repr=False)

    @property
    def practice_folder(self) -> Path:
        """The folder of the practice: the one that is named, else the only one in the folder of documents."""
        from therapist_desktop.services.practices import SUFFIX

        if self.folder is None:
            return _only_practice()
        for folder in (self.folder, self.folder.with_name(self.folder.name + SUFFIX)):
            if folder.is_dir():
                return folder
        raise UserError("There is no practice in that place. Name its folder; the name ends in “.practice”.")

    def password(self, prompt: str = "Password") -> str:
        """Return the password of whoever signs in; it is asked for once in a run."""
        if self._password is None:
            self._password = self.another_secret(prompt)
        return self._password

    def another_secret(self, prompt: str, *, twice: bool = False, problem: Problem | None = None) -> str:
        """Return a further secret: the next line of the descriptor, or what is typed unseen."""
        if self.password_descriptor is None:
            return ask_secret(prompt, twice=twice, problem=problem)
        secret = read_secret(self.password_descriptor)
        wrong = problem(secret) if problem else None
        if wrong:
            raise UserError(wrong)
        return secret

    def chosen_login(self) -> Login:
        """Return who signs in."""
        from therapist_desktop.services.practices import logins

        people = logins(self.practice_folder)
        if not people:
            raise UserError(
                "Nobody has a password for this practice yet: it was restored from a copy with a passphrase of its "
                "own. Set one with “person recover --passphrase”."
            )
        return choose_login(people, self.login)


@dataclass
class Desk:
    """An open practice and the person who works in it."""

    setup: Setup
    signed_in: SignedIn
    reference: Reference

    @property
    def practice(self) -> Practice:
        """The open practice."""
        return self.signed_in.practice

    @property
    def person(self) -> Person:
        """Who signed in."""
        return self.signed_in.person

    def password(self) -> str:
        """The password, as a signature: the one just signed in with; after the keyring it is asked for."""
        return self.setup.password("Password, to sign")


@contextmanager
def at_desk(setup: Setup) -> Iterator[Desk]:
    """Sign in, and sign out again at the end, whatever happened in between."""
    from therapist_desktop.models.moment import system_clock
    from therapist_desktop.services.practices import SUFFIX, sign_in
    from therapist_desktop.services.reference import Reference

    login, folder = setup.chosen_login(), setup.practice_folder
    if setup.use_keyring:
        signed_in = _with_keyring(folder, login)
    else:
        name = folder.name.removesuffix(SUFFIX)
        password = setup.password(f"Password of {login.label} for {name}")
        signed_in = sign_in(folder, login.person_id, password, system_clock)
    reference = Reference()
    try:
        for notice in signed_in.practice.notices:
            say(notice, err=True)
        yield Desk(setup, signed_in, reference)
    except (UserError, click.ClickException, click.Abort, click.exceptions.Exit):
        # A person’s doing, so the practice is as sound as before. What they are told is what went wrong first.
        with suppress(UserError):
            signed_in.sign_out()
        raise
    except BaseException:
        signed_in.abandon()
        raise
    else:
        signed_in.sign_out()
    finally:
        reference.close()


def choose_login(people: list[Login], wanted: str | None) -> Login:
    """Return the one of several people whom a number or a part of a name means."""
    names = ", ".join(f"{one.person_id} {one.label}" for one in people)
    if wanted is None:
        if len(people) == 1:
            return people[0]
        raise UserError(f"Several people can sign in: {names}. Say who with --as and the number or name.")
    name = wanted.casefold()
    fitting = (
        [one for one in people if wanted == str(one.person_id)]
        or [one for one in people if name in one.label.casefold().replace(",", " ").split()]
        or [one for one in people if name in one.label.casefold()]
    )
    if len(fitting) != 1:
        raise UserError(f"“{wanted}” does not name one person. Those who can sign in: {names}.")
    return fitting[0]


def _only_practice() -> Path:
    from therapist_desktop.services.practices import SUFFIX

    found = sorted(path for path in paths.practices().glob(f"*{SUFFIX}") if path.is_dir())
    if len(found) == 1:
        return found[0]
    there = f"In {paths.practices()} there are {', '.join(path.name for path in found)}. " if found else ""
    raise click.UsageError(
        f"Say which practice. {there}Write therapist-desktop --practice FOLDER and then the command, "
        "or set THERAPIST_DESKTOP_PRACTICE to the folder."
    )


def _with_keyring(folder: Path, login: Login) -> SignedIn:
    from therapist_desktop.models.moment import system_clock
    from therapist_desktop.services.keyring_access import recall
    from therapist_desktop.services.practices import sign_in_with_keyring

    return sign_in_with_keyring(folder, login.person_id, recall(folder, login.person_id), system_clock)
