"""`therapist-desktop person`: the people of the practice and their ways in."""

from __future__ import annotations

import click

from therapist_desktop.cli.desk import Setup, at_desk
from therapist_desktop.cli.printing import table


@click.group()
def person() -> None:
    """People: list, add, remove; passwords, recovery key, keyring."""


@person.command("list")
@click.pass_obj
def list_all(setup: Setup) -> None:
    """List the people of the practice."""
    from therapist_desktop.services.people import list_people

    with at_desk(setup) as desk:
        table(
            ("No.", "Name", "Roles", "Supervisor", "Can sign in"),
            [
                (
                    one.id,
                    one.name_and_credentials,
                    ", ".join(one.roles),
                    one.supervisor_id,
                    "yes" if one.active else "no",
                )
                for one in list_people(desk.practice)
            ],
        )


@person.command("add")
@click.option("--first", "first_name", prompt="First name")
@click.option("--last", "last_name", prompt="Last name")
@click.option("--credentials", default="")
@click.option("--npi", default="")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(["owner", "clinician", "supervisee", "biller"]),
)
@click.option("--supervisor", type=int, help="Number of the supervisor.")
@click.pass_obj
def add(
    setup: Setup,
    first_name: str,
    last_name: str,
    credentials: str,
    npi: str,
    roles: tuple[str, ...],
    supervisor: int | None,
) -> None:
    """Add somebody with a login of their own. Through a descriptor the new password is its second line."""
    from therapist_desktop.models.people import Person
    from therapist_desktop.services.people import add_person

    with at_desk(setup) as desk:
        password = setup.another_secret("Password of the new person", twice=True)
        added = add_person(
            desk.practice,
            desk.person,
            Person(
                first_name=first_name,
                last_name=last_name,
                credentials=credentials,
                npi=npi,
                roles=list(roles),
                supervisor_id=supervisor,
            ),
            password,
        )
        click.echo(f"{added.name_and_credentials} is number {added.id}.")


@person.command("remove")
@click.argument("person_id", type=int)
@click.pass_obj
def remove(setup: Setup, person_id: int) -> None:
    """Shut somebody out and encrypt the practice anew. What they wrote stays."""
    from therapist_desktop.services.people import remove_person

    with at_desk(setup) as desk:
        remove_person(desk.practice, desk.person, person_id)
        click.echo("They can sign in no more. Backups made before today still open with their old password.")


@person.command("password")
@click.pass_obj
def password(setup: Setup) -> None:
    """Change your own password. Through a descriptor the new one is its second line."""
    from therapist_desktop.services.people import change_password

    with at_desk(setup) as desk:
        new_password = setup.another_secret("New password", twice=True)
        change_password(desk.practice, desk.person, setup.password(), new_password)
        click.echo("Your password is changed. Backups made before today still open with the old one.")


@person.command("recover")
@click.pass_obj
def recover(setup: Setup) -> None:
    """Open the practice with its recovery key and set a new password."""
    from therapist_desktop.models.moment import system_clock
    from therapist_desktop.services.people import list_people, reset_password
    from therapist_desktop.services.practices import enter_with_recovery_key
    from therapist_desktop.storage.recovery_key import RecoveryKey

    login = setup.chosen_login()
    key = RecoveryKey.parse(setup.another_secret("Recovery key"))
    signed_in = enter_with_recovery_key(setup.practice_folder, key, system_clock)
    try:
        who = next(one for one in list_people(signed_in.practice) if one.id == login.person_id)
        reset_password(signed_in.practice, None, who, setup.another_secret("New password", twice=True))
    finally:
        signed_in.sign_out()
    click.echo(f"{login.label} can sign in with the new password.")


@person.command("new-recovery-key")
@click.pass_obj
def new_key(setup: Setup) -> None:
    """Make a new recovery key; the printed one opens nothing any more."""
    from therapist_desktop.services.people import new_recovery_key

    with at_desk(setup) as desk:
        click.echo(f"\n    {new_recovery_key(desk.practice, desk.person).text}\n")
        click.echo("It is shown this once and stored nowhere. Print it, and destroy the old sheet.")


@person.command("remember-here")
@click.pass_obj
def remember(setup: Setup) -> None:
    """Let this computer’s keyring open the practice for you (then use --keyring)."""
    from therapist_desktop.services.keyring_access import remember_here

    with at_desk(setup) as desk:
        remember_here(desk.practice, desk.person)
        click.echo("This computer now remembers the practice for you. Anybody at your unlocked desk can open it.")
