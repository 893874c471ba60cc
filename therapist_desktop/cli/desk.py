"""What a command works with: an open practice, who signed in, and where passwords come from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.moment import system_clock
from therapist_desktop.models.people import Person
from therapist_desktop.services.practices import Login, SignedIn, logins, sign_in, sign_in_with_keyring
from therapist_desktop.services.reference import Reference
from therapist_desktop.storage.practice import Practice
from therapist_desktop.system.secret_input import read_secret


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
        """The folder of the practice, which has to be named."""
        if self.folder is None:
            raise click.UsageError(
                "Say which practice: therapist-desktop --practice FOLDER …, or set THERAPIST_DESKTOP_PRACTICE."
            )
        return self.folder

    def password(self, prompt: str = "Password") -> str:
        """Return the password of whoever signs in; it is asked for once in a run."""
        if self._password is None:
            self._password = self.another_secret(prompt)
        return self._password

    def another_secret(self, prompt: str, *, twice: bool = False) -> str:
        """Return a further secret: the next line of the descriptor, or what is typed unseen."""
        if self.password_descriptor is not None:
            return read_secret(self.password_descriptor)
        typed: str = click.prompt(prompt, hide_input=True, confirmation_prompt=twice, err=True)
        return typed

    def chosen_login(self) -> Login:
        """Return who signs in."""
        people = logins(self.practice_folder)
        if self.login is None:
            if len(people) == 1:
                return people[0]
            names = ", ".join(f"{one.person_id} {one.label}" for one in people)
            raise UserError(f"Several people can sign in: {names}. Say who with --as.")
        wanted = self.login.casefold()
        fitting = [one for one in people if wanted == str(one.person_id)] or [
            one for one in people if wanted in one.label.casefold()
        ]
        if len(fitting) != 1:
            names = ", ".join(f"{one.person_id} {one.label}" for one in people)
            raise UserError(f"“{self.login}” does not name one person. Those who can sign in: {names}.")
        return fitting[0]


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
        """The password again, for a signature."""
        return self.setup.password("Password, to sign")


@contextmanager
def at_desk(setup: Setup) -> Iterator[Desk]:
    """Sign in, and sign out again at the end, whatever happened in between."""
    login = setup.chosen_login()
    folder = setup.practice_folder
    if setup.use_keyring:
        signed_in = _with_keyring(folder, login)
    else:
        signed_in = sign_in(folder, login.person_id, setup.password(f"Password of {login.label}"), system_clock)
    reference = Reference()
    try:
        for notice in signed_in.practice.notices:
            click.echo(notice, err=True)
        yield Desk(setup, signed_in, reference)
    except UserError:
        signed_in.sign_out()
        raise
    except BaseException:
        signed_in.abandon()
        raise
    else:
        signed_in.sign_out()
    finally:
        reference.close()


def _with_keyring(folder: Path, login: Login) -> SignedIn:
    from therapist_desktop.services.keyring_access import recall

    return sign_in_with_keyring(folder, login.person_id, recall(folder, login.person_id), system_clock)
